// What both editors share: saving, conflicts, findings, and that nothing drawn is ever lost.
"use strict";
const Editing = (() => {
  const json = (id) => JSON.parse(document.getElementById(id).textContent);
  const at = (id) => document.getElementById(id);
  const words = json("words");
  const place = at("editor");
  const state = { revision: words.revision, base: words.base, dirty: false, saving: false };
  // Below this width there is no room for a palette, a drawing and its properties: then it is read, not edited.
  const wide = matchMedia("(min-width: 60rem)").matches;
  let tool = null;

  const tell = (kind, text, ...more) => {
    const note = document.createElement("div");
    note.className = `note ${kind}`;
    const line = document.createElement("p");
    line.textContent = text;
    note.append(line, ...more);
    at("said-here").replaceChildren(...(text ? [note] : []));
    if (kind === "bad") note.scrollIntoView({ block: "nearest" });
  };

  const changed = (dirty = true) => {
    state.dirty = dirty;
    at("unsaved").hidden = !dirty;
    place.dataset.dirty = dirty ? "yes" : "no";
  };

  const list = (found) => {
    const lines = found.findings.map((one) => {
      const line = document.createElement("li");
      line.dataset.severity = one.severity;
      const name = document.createElement(one.element ? "button" : "b");
      name.textContent = one.name || words.file;
      if (one.element) {
        name.type = "button";
        name.className = "link";
        name.addEventListener("click", () => tool?.show(one));
      }
      line.append(name, ` ${one.text}`);
      return line;
    });
    if (found.more) {
      const line = document.createElement("li");
      line.textContent = words.more.replace("{n}", found.more);
      lines.push(line);
    }
    const none = document.createElement("li");
    none.textContent = at("findings-list").dataset.none;
    at("findings-list").replaceChildren(...(lines.length ? lines : [none]));
    at("findings-count").textContent = found.errors ? words.errors.replace("{n}", found.errors) : words.none;
    at("findings").dataset.errors = found.errors;
    tool?.mark(found.findings);
  };

  const download = async () => {
    const link = document.createElement("a");
    const address = URL.createObjectURL(new Blob([await tool.text()], { type: "application/xml" }));
    link.href = address;
    link.download = words.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };

  const conflict = (text) => {
    const own = document.createElement("button");
    own.type = "button";
    own.textContent = words.keep;
    own.addEventListener("click", download);
    const theirs = document.createElement("button");
    theirs.type = "button";
    theirs.textContent = words.theirs;
    theirs.addEventListener("click", () => { state.dirty = false; location.reload(); });
    const deeds = document.createElement("p");
    deeds.className = "deeds";
    deeds.append(own, theirs);
    tell("bad", text, deeds);
  };

  const save = async () => {
    if (!tool || state.saving || !wide) return;
    state.saving = true;
    at("save").disabled = true;
    try {
      const text = await tool.text();
      const base = at("rebase")?.checked ? at("rebase").value : state.base;
      const answer = await fetch(`${words.save}?revision=${state.revision}&base=${base}`, {
        method: "POST",
        body: text,
        redirect: "manual",
        headers: { "Content-Type": "application/xml", "X-CSRFToken": document.querySelector("#token input").value, Accept: "application/json" },
      });
      if (answer.type === "opaqueredirect") return tell("bad", words.signedOut);
      if (!(answer.headers.get("Content-Type") ?? "").includes("json")) return tell("bad", words.failed);
      const said = await answer.json();
      if (!answer.ok) return answer.status === 409 ? conflict(said.error.message) : tell("bad", said.error.message);
      Object.assign(state, { revision: said.revision, base: said.base });
      at("standing").textContent = said.standing;
      if (at("outdated") && at("rebase")?.checked) at("outdated").hidden = true;
      // What was drawn while the request was under way is not saved yet.
      if ((await tool.text()) === text) changed(false);
      if (at("to-publish")) at("to-publish").hidden = false;
      list(said);
      tell(said.errors ? "warn" : "good", (said.errors ? words.savedWithErrors : words.saved).replace("{n}", said.errors));
      place.dataset.revision = said.revision;
    } catch {
      tell("bad", words.failed);
    } finally {
      state.saving = false;
      at("save").disabled = false;
    }
  };

  const open = async (file) => {
    if (!file) return;
    if (file.size > words.largest) return tell("bad", words.tooLarge);
    const before = await tool.text();
    try {
      await tool.load(await file.text());
      changed();
      tell("", "");
    } catch (error) {
      await tool.load(before);
      tell("bad", `${words.notOpened} ${error.message ?? ""}`);
    }
  };

  // `made` edits: text() and load(xml) are promises; show(finding) and mark(findings) point at elements.
  const start = async (made) => {
    try {
      await made.load(json("content"));
    } catch (error) {
      place.hidden = true;
      return tell("bad", `${words.notOpened} ${error.message ?? ""}`);
    }
    tool = made;
    at("narrow").hidden = wide;
    at("tools").hidden = at("keys").hidden = !wide;
    changed(false);
    list(json("said"));
    at("save").addEventListener("click", save);
    at("undo").addEventListener("click", () => tool.undo());
    at("redo").addEventListener("click", () => tool.redo());
    at("download").addEventListener("click", download);
    at("open-file").addEventListener("change", ({ target }) => open(target.files[0]).then(() => { target.value = ""; }));
    at("to-publish")?.addEventListener("click", (event) => {
      if (!state.dirty) return;
      event.preventDefault();
      tell("warn", words.saveFirst);
    });
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        save();
      }
    });
    addEventListener("beforeunload", (event) => { if (state.dirty) event.preventDefault(); });
    place.dataset.ready = "yes";
  };

  const script = (address) => new Promise((done, failed) => {
    const made = document.createElement("script");
    Object.assign(made, { src: address, onload: done, onerror: () => failed(new Error(address)) });
    document.head.append(made);
  });

  return { start, changed, script, wide, words, place, offers: json("offers"), say: tell };
})();
