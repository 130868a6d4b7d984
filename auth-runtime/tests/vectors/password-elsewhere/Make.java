import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.*;
import org.springframework.security.crypto.bcrypt.*;
import org.springframework.security.crypto.argon2.*;
import org.springframework.security.crypto.scrypt.*;
import java.util.*;
public class Make {
  static String esc(String s){ StringBuilder b=new StringBuilder(); for(char c: s.toCharArray()){ if(c=='"'||c=='\\') b.append('\\').append(c); else if(c<32||c>126) b.append(String.format("\\u%04x",(int)c)); else b.append(c);} return b.toString(); }
  public static void main(String[] a){
    String[] pws={"correct horse battery staple","p","pa\u00dfwo\u0308rd \ud83e\udd80"};
    Map<String,PasswordEncoder> m=new LinkedHashMap<>();
    m.put("bcrypt",new BCryptPasswordEncoder(4));
    m.put("pbkdf2",Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_5());
    m.put("pbkdf2@SpringSecurity_v5_8",Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8());
    m.put("scrypt",SCryptPasswordEncoder.defaultsForSpringSecurity_v4_1());
    m.put("scrypt@SpringSecurity_v5_8",SCryptPasswordEncoder.defaultsForSpringSecurity_v5_8());
    m.put("argon2",Argon2PasswordEncoder.defaultsForSpringSecurity_v5_2());
    m.put("argon2@SpringSecurity_v5_8",Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8());
    PasswordEncoder check=PasswordEncoderFactories.createDelegatingPasswordEncoder();
    for(var e: m.entrySet()) for(String p: pws){ String h=new DelegatingPasswordEncoder(e.getKey(),m).encode(p); if(!check.matches(p,h)) throw new RuntimeException(h); System.out.println("{\"form\":\"spring "+e.getKey()+"\",\"password\":\""+esc(p)+"\",\"encoded\":\""+h+"\"}"); }
  }
}
