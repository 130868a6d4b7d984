"use strict";

// Text that a user typed reaches the page through `textContent`, never as markup.

const $ = (selector) => document.querySelector(selector);
const page = location.pathname === "/keys" ? "keys" : "sessions";

/** Calls the API and returns its answer. The browser adds the cookie, which no script can read. */
async function call(method, path, body) {
  const request = { method, headers: {} };
  if (body !== undefined) {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const response = await fetch(path, request);
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) throw Object.assign(new Error(said(answer)), { status: response.status, code: answer.code });
  return answer;
}

/** Puts a problem document (RFC 9457) into words. */
function said(problem) {
  const faults = (problem.errors ?? []).map((fault) => `${fault.pointer.slice(1)} ${fault.message}`);
  return [problem.title, ...faults].join(" ");
}

/** Shows one section and the user's name. The next user of this page must not find the previous user's key. */
function show(section, name) {
  if (name === undefined) made({ key: "" });
  for (const each of document.querySelectorAll("main > section")) each.hidden = each.id !== section;
  $("header").hidden = name === undefined;
  $("#who").textContent = name ?? "";
}

/** Acts for the user, then shows the new state. If the session has ended, shows the sign-in form. */
async function act(work) {
  $("#trouble").hidden = true;
  try {
    await work();
    const me = await call("GET", "/auth/me");
    await (page === "keys" ? listKeys() : listSessions());
    show(page, me.username);
  } catch (error) {
    if (error.status === 401) show("sign-in");
    if (error.code !== "unauthenticated") trouble(error.message);
  }
}

function trouble(text) {
  $("#trouble").textContent = text;
  $("#trouble").hidden = false;
}

async function listSessions() {
  const [sessions, { motto }] = await Promise.all([call("GET", "/auth/sessions"), call("GET", "/motto")]);
  $("#sessions tbody").replaceChildren(...sessions.map((session) => {
    const label = [session.device, session.user_agent].filter(Boolean).join(": ") || "unknown";
    const end = session.current ? mark("this one") : button("End", () => call("DELETE", `/auth/sessions/${session.id}`));
    return row([label, session.address, when(session.last_used_at)], end);
  }));
  $("#motto").textContent = motto || "none yet";
}

async function listKeys() {
  const { api_keys: keys } = await call("GET", "/auth/api-keys");
  $("#keys tbody").replaceChildren(...keys.map((key) => {
    const path = `/auth/api-keys/${key.id}`;
    const rotate = button("Rotate", async () => made(await call("POST", `${path}/rotate`, { overlap_hours: 24 })));
    const revoke = button("Revoke", () => call("DELETE", path));
    const actions = !key.active ? [mark("ended")] : key.replaced_by ? [revoke] : [rotate, revoke];
    return row([key.name, `${key.display}…`, when(key.expires_at), when(key.last_used_at)], ...actions);
  }));
}

/** Shows a new key, which the page shows only this once. */
function made({ key }) {
  $("#made output").textContent = key;
  $("#made").hidden = key === "";
}

/** Builds a row of a table: a cell for each text, and one for the buttons. */
function row(texts, ...actions) {
  const tr = document.createElement("tr");
  for (const content of [...texts.map((text) => [text]), actions]) {
    const td = document.createElement("td");
    td.append(...content);
    tr.append(td);
  }
  return tr;
}

function button(label, work) {
  const button = document.createElement("button");
  button.className = "quiet";
  button.textContent = label;
  button.addEventListener("click", () => act(work));
  return button;
}

function mark(text) {
  const mark = document.createElement("mark");
  mark.textContent = text;
  return mark;
}

const when = (time) => (time === null ? "never" : new Date(time).toLocaleString());

/** Sends a form by `work`, without leaving the page. */
function onSubmit(form, work) {
  $(form).addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.target));
    act(async () => {
      await work(fields);
      event.target.reset();
    });
  });
}

onSubmit("#login", (fields) => call("POST", "/auth/session", fields));
onSubmit("#register", async ({ username, email, password }) => {
  await call("POST", "/auth/register", { username, email, password });
  await call("POST", "/auth/session", { username, password });
});
onSubmit("#create", async ({ name, days }) => {
  made(await call("POST", "/auth/api-keys", { name, scopes: [], expires_in_days: Number(days) }));
});
$("#end-others").addEventListener("click", () => act(() => call("DELETE", "/auth/sessions")));
$("#sign-out").addEventListener("click", () => act(() => call("POST", "/auth/logout")));
$("#origin").textContent = location.origin;

// Runs also when the browser goes back to a cached page: the session may have ended in the meantime.
addEventListener("pageshow", () => act(async () => {}));
