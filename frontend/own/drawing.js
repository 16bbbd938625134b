// The drawing of a matter's process with the steps it rests at lit, and lit again when it moves.
"use strict";
(async () => {
  const place = document.getElementById("drawing");
  const source = JSON.parse(document.getElementById("bpmn").textContent);
  const list = document.getElementById("live-steps");
  const viewer = new BpmnJS({ container: place });
  try {
    await viewer.importXML(source);
  } catch (error) {
    document.getElementById("drawing-failed").hidden = false;
    place.hidden = true;
    return;
  }
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  const fit = () => {
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom(canvas.zoom() * 0.96, "auto");
  };
  fit();

  let lit = [];
  const light = async () => {
    const answer = await fetch(place.dataset.live, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    // A step of a called process is known by its way there ("call/step"); it is drawn once, under its own id.
    const drawn = (element) => (registry.get(element) ? element : element.split("/").pop());
    const live = {};
    for (const [element, count] of Object.entries(found.live)) live[drawn(element)] = (live[drawn(element)] ?? 0) + count;
    for (const element of Object.keys(found.names)) found.names[drawn(element)] ??= found.names[element];
    found.live = live;
    found.done = found.done.map(drawn).filter((element) => !(element in live));
    for (const [element, mark] of lit) canvas.removeMarker(element, mark);
    overlays.remove({ type: "tally" });
    lit = [];
    const mark = (element, name) => {
      if (!registry.get(element)) return;
      canvas.addMarker(element, name);
      lit.push([element, name]);
    };
    for (const element of found.done) mark(element, "past");
    const lines = [];
    for (const [element, count] of Object.entries(found.live)) {
      const frame = registry.get(element)?.children?.length > 0;
      // A sub-process is lit at its edge: what is inside says how many.
      mark(element, frame ? "lit-edge" : "lit");
      if (frame || !count || !registry.get(element)) continue;
      const tally = document.createElement("span");
      tally.className = "tally";
      tally.textContent = count;
      overlays.add(element, "tally", { position: { top: -12, right: 14 }, html: tally });
      const line = document.createElement("li");
      line.textContent = `${found.names[element]}: ${count}`;
      lines.push(line);
    }
    place.dataset.lit = Object.keys(found.live).join(" ");
    const rest = document.createElement("li");
    rest.textContent = list.dataset.none;
    list.replaceChildren(...(lines.length ? lines : [rest]));
  };
  await light();
  document.addEventListener("matter-moved", ({ detail }) => {
    if (detail === "all" || detail === place.dataset.matter) light();
  });

  const acts = {
    closer: () => canvas.zoom(canvas.zoom() * 1.25),
    farther: () => canvas.zoom(canvas.zoom() / 1.25),
    fit,
    left: () => canvas.scroll({ dx: 60, dy: 0 }),
    right: () => canvas.scroll({ dx: -60, dy: 0 }),
    up: () => canvas.scroll({ dx: 0, dy: 60 }),
    down: () => canvas.scroll({ dx: 0, dy: -60 }),
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
