import { hashPassword } from "better-auth/crypto";
for (const p of ["correct horse battery staple","p","pa\u00dfwo\u0308rd \u{1f980}","\ufb03ce \u212bngstr\u00f6m"]) console.log(JSON.stringify({form:"better-auth",password:p,encoded:await hashPassword(p)}));
import bcrypt from "bcryptjs";
console.log(JSON.stringify({form:"truncated bcrypt",password:"y".repeat(100),encoded:bcrypt.hashSync("y".repeat(100),4)}));
