// A scene's drawing in bpmn-js: the modeler on a wide screen, the viewer on a narrow one.
"use strict";
(async () => {
  const { wide, words, place } = Editing;
  const parts = "/static/parts";
  try {
    await Editing.script(`${parts}/bpmn-js/dist/bpmn-${wide ? "modeler" : "navigated-viewer"}.production.min.js`);
  } catch {
    return Editing.say("bad", words.failed);
  }
  const zeebe = await (await fetch(`${parts}/zeebe-bpmn-moddle/resources/zeebe.json`)).json();
  let own = {};
  if (!words.english) own = (await import(`${parts}/bpmn-js-i18n/translations/zn.js`)).default;
  const translate = (template, values = {}) =>
    (own[template] ?? template).replace(/{([^}]+)}/g, (whole, key) => values[key] ?? whole);
  const modeler = new BpmnJS({
    container: place,
    moddleExtensions: { zeebe },
    additionalModules: [{ translate: ["value", translate] }],
  });
  const get = (name) => modeler.get(name);
  // The whole drawing beside the palette, not under it.
  const fit = () => {
    const canvas = get("canvas"), room = wide ? 130 : 0;
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom((canvas.zoom() * 0.97 * (place.clientWidth - room)) / place.clientWidth, "auto");
    canvas.scroll({ dx: room / 2, dy: 0 });
  };

  let marked = [];
  const mark = (findings) => {
    const canvas = get("canvas"), registry = get("elementRegistry"), overlays = get("overlays");
    for (const [element, name] of marked) if (registry.get(element)) canvas.removeMarker(element, name);
    overlays.remove({ type: "finding" });
    marked = [];
    const worst = new Map();
    for (const one of findings) {
      if (!registry.get(one.element)) continue;
      const known = worst.get(one.element) ?? { severity: "notice", texts: [] };
      if (one.severity === "error") known.severity = "error";
      known.texts.push(one.text);
      worst.set(one.element, known);
    }
    for (const [element, { severity, texts }] of worst) {
      const shape = registry.get(element);
      // A frame is marked at its edge: what is inside stays readable.
      const name = `found-${severity}${shape.children?.length ? "-edge" : ""}`;
      canvas.addMarker(element, name);
      marked.push([element, name]);
      const badge = document.createElement("span");
      badge.className = `badge ${severity}`;
      badge.textContent = severity === "error" ? "!" : "i";
      badge.title = texts.join("\n");
      // A flow has no corner: the sign stands at its middle.
      const points = shape.waypoints;
      const middle = points?.[Math.floor(points.length / 2)];
      const position = points ? { left: middle.x - Math.min(...points.map((p) => p.x)), top: middle.y - Math.min(...points.map((p) => p.y)) } : { top: -12, left: -10 };
      overlays.add(element, "finding", { position, html: badge });
    }
    place.dataset.marked = [...worst.keys()].join(" ");
  };

  const show = (finding) => {
    const shape = get("elementRegistry").get(finding.element);
    if (!shape) return;
    if (wide) {
      get("selection").select(shape);
      get("canvas").scrollToElement(shape, 120);
    } else {
      const box = get("canvas").viewbox(), point = shape.waypoints?.[0] ?? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
      get("canvas").viewbox({ ...box, x: point.x - box.width / 2, y: point.y - box.height / 2 });
    }
    place.scrollIntoView({ block: "center" });
    document.querySelector("#properties input, #properties select")?.focus();
  };

  await Editing.start({
    load: async (text) => {
      await modeler.importXML(text);
      fit();
    },
    text: async () => (await modeler.saveXML({ format: true })).xml,
    undo: () => get("commandStack").undo(),
    redo: () => get("commandStack").redo(),
    show,
    mark,
  });
  if (wide) {
    modeler.on("commandStack.changed", () => Editing.changed());
    Properties.start(modeler);
  }
  document.querySelectorAll("[data-zoom=fit]").forEach((button) => button.addEventListener("click", fit));
  // The page's own script and tests may ask the modeler itself.
  place.modeler = modeler;
})();
