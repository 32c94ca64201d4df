// Drafts: what stands in a form is sent to the server a moment after it was written. Without a connection it is kept on
// this machine, under the reader and the form, until it can be sent, is saved, or the reader signs out.
(function () {
  "use strict";

  const WAIT = 800;
  const PREFIX = "draft:";
  let timer = null;

  function stored() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch (blocked) {
      return []; // storage is switched off: drafts are kept by the server alone
    }
  }

  function keep(key, text) {
    try {
      localStorage.setItem(PREFIX + key, text);
    } catch (full) {
      return;
    }
  }

  function forget(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch (blocked) {
      return;
    }
  }

  function kept(key) {
    try {
      return localStorage.getItem(PREFIX + key);
    } catch (blocked) {
      return null;
    }
  }

  function form() {
    return document.querySelector("form[data-draft]");
  }

  function fieldsOf(of) {
    return Array.from(new FormData(of).entries()).filter(([name]) => name !== "csrfmiddlewaretoken");
  }

  function say(of, what) {
    const place = of.querySelector("[data-draft-said]");
    if (place) place.textContent = what ? place.dataset[what] : "";
  }

  function token(of) {
    const field = of.querySelector("[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  function sent(of, fields) {
    return fetch(of.dataset.draft, {
      method: "POST",
      headers: { "X-CSRFToken": token(of) },
      body: new URLSearchParams(fields),
      redirect: "error", // somebody signed out is led to sign in, and nothing is kept
    });
  }

  // Sends what stands in the form; keeps it here when the server cannot be reached.
  async function send(of) {
    const key = of.dataset.draftKey;
    const fields = fieldsOf(of);
    try {
      const answer = await sent(of, fields);
      if (answer.ok) {
        forget(key);
        say(of, "kept");
      } else {
        say(of, "refused");
      }
    } catch (unreachable) {
      keep(key, JSON.stringify(fields));
      say(of, "offline");
    }
  }

  function later(of) {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => send(of), WAIT);
  }

  // Puts back what was kept here, field by field.
  function fill(of, fields) {
    const said = new Map();
    fields.forEach(([name, value]) => said.set(name, [...(said.get(name) || []), value]));
    Array.from(of.elements).forEach((field) => {
      if (!field.name || field.type === "hidden" || !said.has(field.name)) return;
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = said.get(field.name).includes(field.value);
      } else {
        field.value = said.get(field.name)[0];
      }
    });
    const more = of.querySelector("details");
    if (more) more.open = true;
  }

  function offer(of) {
    const text = kept(of.dataset.draftKey);
    const place = document.querySelector("[data-draft-found]");
    if (!text || !place) return;
    place.hidden = false;
    place.querySelector("[data-draft-open]").addEventListener("click", () => {
      fill(of, JSON.parse(text));
      place.hidden = true;
      later(of);
      const first = of.querySelector("input:not([type=hidden]), select, textarea");
      if (first) first.focus();
    });
  }

  // The server has told that a form was saved: what was kept of it here goes.
  function settle() {
    const found = document.cookie.split("; ").find((one) => one.startsWith("saved="));
    if (!found) return;
    forget(decodeURIComponent(found.slice("saved=".length)).replace(/^"|"$/g, ""));
    document.cookie = "saved=; Max-Age=0; Path=/; SameSite=Lax";
  }

  document.addEventListener("input", (event) => {
    const of = form();
    if (of && of.contains(event.target)) later(of);
  });

  document.addEventListener("submit", (event) => {
    const of = event.target;
    if (of instanceof HTMLFormElement && of.hasAttribute("data-signs-out")) {
      stored().forEach((key) => localStorage.removeItem(key));
      return;
    }
    if (!(of instanceof HTMLFormElement) || !of.hasAttribute("data-draft")) return;
    window.clearTimeout(timer);
    if (!navigator.onLine) {
      event.preventDefault();
      keep(of.dataset.draftKey, JSON.stringify(fieldsOf(of)));
      say(of, "offline");
    }
  });

  window.addEventListener("online", () => {
    const of = form();
    if (of && kept(of.dataset.draftKey)) send(of);
  });

  window.addEventListener("pagehide", () => {
    if (timer === null) return;
    const of = form();
    window.clearTimeout(timer);
    if (of && !navigator.onLine) keep(of.dataset.draftKey, JSON.stringify(fieldsOf(of)));
  });

  settle();
  const of = form();
  if (of) offer(of);

  const since = document.getElementById("since");
  if (since && !document.getElementById("errors")) since.focus();
}());
