// Small islands. Every page works without them: they show what is needed, count, warn and save a reload.
"use strict";
document.addEventListener("alpine:init", () => {
  // A form whose fields depend on each other. Only a help to the eye: the server asks for what is required.
  Alpine.data("answering", () => ({
    init() { this.look(); },
    look() {
      for (const part of this.$root.querySelectorAll("[data-shown-when]")) {
        const { shownWhen, values } = part.dataset;
        const found = [...this.$root.elements].filter((one) => one.name === shownWhen &&
          (!["radio", "checkbox"].includes(one.type) || one.checked)).map((one) => one.value);
        // A field that holds a mistake or something typed is never hidden from whoever must mend it.
        const kept = part.querySelector("[aria-invalid]");
        part.hidden = !kept && !found.some((value) => values.split(" ").includes(value));
      }
    },
  }));
  // A long list of boxes: find, all, none.
  Alpine.data("many", () => ({
    wanted: "",
    count: 0,
    init() { this.tally(); },
    boxes() { return [...this.$root.querySelectorAll("input[type=checkbox]")]; },
    tally() { this.count = this.boxes().filter((box) => box.checked).length; },
    find() {
      for (const box of this.boxes()) {
        box.closest(".tick").hidden = this.wanted !== "" && !box.closest(".tick").textContent.includes(this.wanted);
      }
    },
    set(on) {
      for (const box of this.boxes()) if (!box.closest(".tick").hidden) box.checked = on;
      this.tally();
    },
    all() { this.set(true); },
    none() { this.set(false); },
  }));
  // A file that is too large is told before it travels. The server refuses it all the same.
  Alpine.data("handing", () => ({
    large: false,
    weigh() {
      const file = this.$refs.file.files[0];
      this.large = Boolean(file) && file.size > Number(this.$root.dataset.largest);
    },
  }));
});

// --- parts of pages
document.addEventListener("htmx:after:swap", (event) => {
  const part = event.target.closest?.("[data-live], [data-live-matter]");
  if (!part || !part.dataset.seen) {
    if (part) part.dataset.seen = "1";
    return;
  }
  part.classList.remove("moved");
  requestAnimationFrame(() => part.classList.add("moved"));
});
// A part whose request did not get through says so, and can be tried again by itself.
document.addEventListener("htmx:error", (event) => {
  const part = event.detail?.ctx?.target ?? event.target;
  const template = document.getElementById("part-failed");
  if (!part?.matches?.("[data-part]") || !template || part.querySelector(".note.bad")) return;
  part.prepend(template.content.cloneNode(true));
  const button = part.querySelector(".note.bad button");
  button.addEventListener("click", () => {
    button.closest(".note").remove();
    part.dispatchEvent(new CustomEvent("live"));
  });
});
// One click, one act.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
// What was typed is not lost by a link that was hit by mistake.
let typed = false;
document.addEventListener("input", (event) => { if (event.target.closest("form[data-keep]")) typed = true; });
document.addEventListener("submit", (event) => { if (event.target.matches("form[data-keep]")) typed = false; });
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
// Menus close when the reader goes on elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.who[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.who[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});
// A page that reports mistakes starts at them.
document.querySelector("[data-focus]")?.focus();
