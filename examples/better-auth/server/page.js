const api = document.querySelector('meta[name=api]').content;
const answer = document.querySelector('#answer');

// Signs in and out at better-auth, on this page's own origin.
async function auth(path, value) {
  const options = value && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
  const reply = await fetch(`/api/auth${path}`, options);
  const body = await reply.json();
  if (!reply.ok) throw new Error(body.message);
  return body;
}

// Shows what the API says.
async function ask(path, options) {
  const reply = await fetch(`${api}${path}`, options);
  const text = await reply.text();
  answer.textContent = `${reply.status} ${text}`;
}

const actions = {
  'by-cookie': () => ask('/me', { credentials: 'include' }),
  // A live cookie beside a live token would be refused.
  'by-jwt': async () => {
    const { token } = await auth('/token');
    await ask('/me', { headers: { authorization: `Bearer ${token}` }, credentials: 'omit' });
  },
  greet: () => ask('/greetings', { method: 'POST', credentials: 'include' }),
  'sign-out': async () => {
    await auth('/sign-out', {});
    answer.textContent = 'signed out';
  },
};

const shown = (action) => async (event) => {
  event.preventDefault();
  answer.textContent = '';
  await action(event).catch((error) => { answer.textContent = `failed: ${error.message}`; });
};

for (const [id, action] of Object.entries(actions)) document.getElementById(id).addEventListener('click', shown(action));
for (const [id, done] of [['sign-up', 'signed up'], ['sign-in', 'signed in']]) {
  document.getElementById(id).addEventListener('submit', shown(async ({ target }) => {
    const { user } = await auth(`/${id}/email`, Object.fromEntries(new FormData(target)));
    answer.textContent = `${done} as ${user.name}`;
  }));
}
