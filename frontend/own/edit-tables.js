// A scene's decision tables in dmn-js. On a narrow screen the page's own tables are read instead.
"use strict";
(async () => {
  const { wide, words, place } = Editing;
  const shown = document.getElementById("tables-shown");
  if (!wide) {
    place.hidden = true;
    return Editing.start({ load: async () => {}, mark: () => {}, text: async () => "", show: (one) => {
      document.getElementById(`cell-${one.element}`)?.scrollIntoView({ block: "center" });
      return shown.scrollIntoView();
    } });
  }
  shown.hidden = true;
  try {
    await Editing.script("/static/parts/dmn-js/dist/dmn-modeler.production.min.js");
  } catch {
    return Editing.say("bad", words.failed);
  }
  const own = words.tables;
  const translate = (template, values = {}) =>
    (own[template] ?? template).replace(/{([^}]+)}/g, (whole, key) => values[key] ?? whole);
  const speaking = { additionalModules: [{ translate: ["value", translate] }] };
  const modeler = new DmnJS({
    container: place,
    drd: speaking, decisionTable: speaking, literalExpression: speaking, boxedExpression: speaking,
  });

  // The table is drawn anew at every keystroke: the marks are put back each time.
  let found = [];
  const paint = () => {
    for (const cell of place.querySelectorAll("[data-found]")) delete cell.dataset.found;
    for (const one of found) {
      const wanted = CSS.escape(one.element);
      for (const cell of place.querySelectorAll(`[data-element-id="${wanted}"], [data-row-id="${wanted}"]`)) {
        if (cell.dataset.found !== "error") cell.dataset.found = one.severity;
        cell.title = one.text;
      }
    }
    const { element } = modeler.getActiveView() ?? {};
    place.dataset.view = element?.id ?? "";
  };
  let waiting = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(paint);
  }).observe(place, { childList: true, subtree: true });

  const attached = new WeakSet();
  const listen = () => {
    const viewer = modeler.getActiveViewer();
    if (!viewer || attached.has(viewer)) return;
    attached.add(viewer);
    viewer.on("commandStack.changed", () => Editing.changed());
    viewer.on("elements.changed", () => Editing.changed());
  };
  const stack = () => modeler.getActiveViewer()?.get("commandStack");
  const view = (decision) => modeler.getViews().find(({ element }) => element.id === decision);

  await Editing.start({
    load: async (text) => {
      await modeler.importXML(text);
      const views = modeler.getViews();
      const tables = views.filter(({ type }) => type === "decisionTable");
      // One decision is opened at once; of several the diagram shows how they hang together.
      if (tables.length === 1) await modeler.open(tables[0]);
      listen();
    },
    text: async () => (await modeler.saveXML({ format: true })).xml,
    undo: () => stack()?.undo(),
    redo: () => stack()?.redo(),
    mark: (findings) => {
      found = findings;
      paint();
    },
    show: async (one) => {
      const wanted = view(one.within) ?? modeler.getViews().find(({ type }) => type === "drd");
      if (wanted && modeler.getActiveView() !== wanted) await modeler.open(wanted);
      listen();
      requestAnimationFrame(() => {
        paint();
        const cell = place.querySelector(`[data-element-id="${CSS.escape(one.element)}"], [data-row-id="${CSS.escape(one.element)}"]`) ?? place.querySelector("[data-found]");
        (cell ?? place).scrollIntoView({ block: "center" });
        (cell?.querySelector("[contenteditable]") ?? cell ?? place).focus?.();
      });
    },
  });
  modeler.on("views.changed", listen);
  place.modeler = modeler;
})();
