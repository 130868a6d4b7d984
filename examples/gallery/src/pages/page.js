"use strict";

// Signing in and out are the only things that need a script: their endpoints take JSON, and answer with it.

const signIn = document.querySelector("#sign-in");
signIn?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await post("/auth/session", Object.fromEntries(new FormData(signIn)));
  if (answer.ok) return location.assign("/");
  const trouble = document.querySelector("#trouble");
  trouble.textContent = (await answer.json()).title;
  trouble.hidden = false;
});

document.querySelector("#sign-out")?.addEventListener("click", async () => {
  await post("/auth/logout");
  location.assign("/");
});

function post(path, body) {
  const request = { method: "POST" };
  if (body !== undefined) {
    request.headers = { "content-type": "application/json" };
    request.body = JSON.stringify(body);
  }
  return fetch(path, request);
}
