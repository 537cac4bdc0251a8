// What htmx and the browser leave to us: nothing here is needed to use the portal.
(() => {
  "use strict";

  // A swap that replaces the element with the focus would drop the focus to <body>: it goes back to
  // the element with the same id, or to the heading the new part marks with data-focus.
  let focused = "";
  document.addEventListener("htmx:before:swap", () => {
    focused = document.activeElement ? document.activeElement.id : "";
  });

  document.addEventListener("htmx:after:swap", () => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const again = focused && document.getElementById(focused);
    const marked = document.querySelector("[data-focus]");
    const target = again || marked;
    if (!target) return;
    if (!again) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: Boolean(again) });
  });

  // A part says what changed in data-announce; the live region has been there since the page loaded.
  document.addEventListener("htmx:after:swap", () => {
    const text = document.querySelector("[data-announce]");
    const status = document.getElementById("status");
    if (text && status) status.textContent = text.dataset.announce;
  });

  const openMenus = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // The summary of what is wrong is read first.
  document.addEventListener("DOMContentLoaded", () => {
    const summary = document.querySelector(".error-summary");
    if (summary) summary.focus();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print]");
    if (button) window.print();
  });

  // Copying needs a script, so its buttons show only where there is one.
  document.addEventListener("DOMContentLoaded", () => {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source) return;
    navigator.clipboard.writeText(source.textContent).then(() => {
      button.dataset.copied = "";
      const status = document.getElementById("status");
      if (status && button.dataset.copiedText) status.textContent = button.dataset.copiedText;
    });
  });
})();
