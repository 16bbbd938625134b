// A version of a drawing, to look at: zoom and move by buttons and keys, errors at their elements.
"use strict";
(async () => {
  const place = document.getElementById("drawing");
  const viewer = new BpmnJS({ container: place });
  try {
    await viewer.importXML(JSON.parse(document.getElementById("bpmn").textContent));
  } catch {
    document.getElementById("drawing-failed").hidden = false;
    place.hidden = true;
    return;
  }
  const canvas = viewer.get("canvas"), registry = viewer.get("elementRegistry");
  const fit = () => {
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom(canvas.zoom() * 0.96, "auto");
  };
  fit();
  for (const one of JSON.parse(document.getElementById("said").textContent)) {
    if (registry.get(one.element)) canvas.addMarker(one.element, `found-${one.severity}`);
  }
  const acts = {
    closer: () => canvas.zoom(canvas.zoom() * 1.25), farther: () => canvas.zoom(canvas.zoom() / 1.25), fit,
    left: () => canvas.scroll({ dx: 60, dy: 0 }), right: () => canvas.scroll({ dx: -60, dy: 0 }),
    up: () => canvas.scroll({ dx: 0, dy: 60 }), down: () => canvas.scroll({ dx: 0, dy: -60 }),
  };
  const keys = { "+": "closer", "=": "closer", "-": "farther", 0: "fit", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
  document.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => acts[button.dataset.zoom]()));
  place.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    acts[act]();
  });
  addEventListener("resize", fit);
})();
