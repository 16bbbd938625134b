// Parts of a page that follow what others do. The stream brings ids of matters only; what changed is fetched by htmx,
// as this reader may see it.
//   data-live-matter="ID"   fetched again when that matter moves
//   data-live               fetched again when any matter of the agency moves
"use strict";
(() => {
  const PAUSE = 120; // a burst of events is one fetch
  const waiting = new Map();
  const note = document.getElementById("stream-down");
  let complaint = null;

  const heard = (matter) => {
    for (const part of document.querySelectorAll("[data-live], [data-live-matter]")) {
      const wanted = part.dataset.liveMatter;
      if (wanted && matter !== "all" && matter !== wanted) continue;
      // At once for the first event, then after the pause for those that follow it.
      const known = waiting.get(part);
      if (known) {
        known.again = true;
        continue;
      }
      const entry = { again: false };
      waiting.set(part, entry);
      part.dispatchEvent(new CustomEvent("live"));
      setTimeout(() => {
        waiting.delete(part);
        if (entry.again && part.isConnected) part.dispatchEvent(new CustomEvent("live"));
      }, PAUSE);
    }
    document.dispatchEvent(new CustomEvent("matter-moved", { detail: matter }));
  };

  const standing = (up) => {
    clearTimeout(complaint);
    if (up) note.hidden = true;
    // A page that is left or a server that restarts breaks the stream for a moment: not worth a word.
    else complaint = setTimeout(() => { note.hidden = false; }, 1500);
  };

  const take = ({ matter, up }) => {
    if (matter !== undefined) heard(matter);
    if (up !== undefined) standing(up);
  };

  const alone = () => {
    const stream = new EventSource("/live");
    let was = true;
    stream.onopen = () => {
      if (!was) heard("all");
      was = true;
      standing(true);
    };
    stream.onerror = () => { was = false; standing(false); };
    stream.addEventListener("matter", (event) => heard(event.data));
    addEventListener("pagehide", () => stream.close());
  };

  const together = () => {
    const worker = new SharedWorker("/static/live-worker.js", "lianban-live");
    worker.onerror = alone;
    worker.port.onmessage = ({ data }) => take(data);
    worker.port.start();
    addEventListener("pagehide", () => worker.port.postMessage("bye"));
  };

  // A page taken back from the browser's memory has lost its place in the stream and may show old things.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.SharedWorker ? together() : alone();
})();
