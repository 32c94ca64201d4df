// Short cuts for those who work with the keyboard: / n j k r and ?, plus every link or button with data-key.
// They never act while something is being written, and single letters can be switched off (WCAG 2.1.4).
(function () {
  "use strict";

  const page = document.body;
  const dialog = document.getElementById("keys");
  const on = page.dataset.keys !== "off";

  function writing(target) {
    return target instanceof Element
      && target.closest("input, select, textarea, [contenteditable], dialog[open]") !== null;
  }

  function rows() {
    return Array.from(document.querySelectorAll("[data-row]"));
  }

  function current() {
    const here = document.activeElement && document.activeElement.closest("[data-row]");
    return here || document.querySelector("[data-row].is-current");
  }

  // The next or previous row: its link takes the focus, so that Enter opens it and a screen reader says it.
  // On a page without rows the keys lead to the next or previous page, where there is a link that has them.
  function move(by) {
    const all = rows();
    if (all.length === 0) {
      press(by > 0 ? "j" : "k");
      return;
    }
    const at = all.indexOf(current());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
    mark(all[next]);
    const link = all[next].matches("a") ? all[next] : all[next].querySelector("a, button");
    if (link) link.focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  function mark(row) {
    rows().forEach((one) => one.classList.toggle("is-current", one === row));
  }

  // What a key belongs to: in the row one stands at, else on the page.
  function press(key) {
    const named = `[data-key="${CSS.escape(key)}"]`;
    const row = current();
    const found = (row && row.querySelector(named)) || document.querySelector(`${named}:not([data-row] *)`);
    if (!found) return false;
    if (found.matches("input, select, textarea")) {
      found.focus();
      if (found.select) found.select();
    } else {
      found.click();
    }
    return true;
  }

  function showKeys() {
    if (dialog && !dialog.open) dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (!on || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (writing(event.target)) return;
    const does = { j: () => move(1), k: () => move(-1), "?": showKeys }[event.key];
    if (does) {
      does();
      event.preventDefault();
    } else if (event.key.length === 1 && press(event.key)) {
      event.preventDefault();
    }
  });

  // A row is marked when the focus is in it, however it came there.
  document.addEventListener("focusin", (event) => {
    const row = event.target instanceof Element && event.target.closest("[data-row]");
    if (row) mark(row);
  });

  // What needs a script is shown only when there is one.
  document.querySelectorAll("[data-needs-script]").forEach((one) => one.removeAttribute("hidden"));
  document.querySelectorAll("[data-shows='keys']").forEach((one) => one.addEventListener("click", showKeys));

  // The menu of the person signed in closes when one goes elsewhere.
  document.querySelectorAll("details.who").forEach((menu) => {
    document.addEventListener("click", (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
  });

  // A form's list of errors takes the focus, so that it is read before the fields.
  const errors = document.getElementById("errors");
  if (errors) errors.focus();

  // A form one has come to fill in takes it at its first field, in a group at what is chosen; what was opened elsewhere keeps it.
  const fill = document.querySelector("form#choose") || document.querySelector("form#fill");
  if (fill && !errors && document.activeElement === page) {
    const first = fill.querySelector("select, textarea, input:not([type='hidden'])");
    const chosen = first && first.type === "radio" && fill.querySelector(`[name="${CSS.escape(first.name)}"]:checked`);
    if (first) (chosen || first).focus();
  }

  // Filters answer at once; without a script there is a button.
  document.querySelectorAll("form[data-at-once]").forEach((form) => {
    form.addEventListener("change", () => form.requestSubmit());
  });
}());
