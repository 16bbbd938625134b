// One stream for the whole browser, however many pages it shows: the sixth HTTP/1.1 connection to a host would hang.
"use strict";
const pages = new Set();
let stream = null;
let up = true;

function tell(said) {
  for (const page of pages) page.postMessage(said);
}

function open() {
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  stream = new EventSource("/live");
  stream.onopen = () => {
    // What happened while the stream was down was not heard: everything is fetched once.
    if (!up) tell({ matter: "all" });
    up = true;
    tell({ up });
  };
  stream.onerror = () => {
    up = false;
    tell({ up });
    // A refused stream (a session that ended) is not tried again by the browser; try slowly.
    if (stream.readyState === EventSource.CLOSED && pages.size) setTimeout(open, 10000);
  };
  stream.addEventListener("matter", (event) => tell({ matter: event.data }));
}

onconnect = (event) => {
  const page = event.ports[0];
  pages.add(page);
  page.onmessage = ({ data }) => {
    if (data !== "bye") return;
    pages.delete(page);
    if (!pages.size && stream) {
      stream.close();
      stream = null;
    }
  };
  page.start();
  open();
  page.postMessage({ up });
};
