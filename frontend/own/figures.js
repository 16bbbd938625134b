// A chart of the table beside it: the same numbers, in the same order, each bar opening what its row opens.
"use strict";
for (const place of document.querySelectorAll("[data-chart-of]")) {
  const rows = [...document.getElementById(place.dataset.chartOf).tBodies[0].rows];
  const lines = rows.map((row) => ({
    name: row.cells[0].textContent.trim(),
    value: Number(row.dataset.value),
    href: row.querySelector("a")?.href,
  })).filter((line) => !Number.isNaN(line.value)).reverse();
  const table = document.getElementById(place.dataset.chartOf);
  const draw = () => {
    place.style.height = `${Math.max(lines.length * 28, table.offsetHeight)}px`;
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const chart = echarts.getInstanceByDom(place) ?? echarts.init(place, null, { renderer: "svg" });
    const narrow = place.clientWidth < 480;
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 44, top: 8, bottom: 24, containLabel: true },
      xAxis: { type: "value", axisLabel: { color: colour("--soft") }, splitLine: { lineStyle: { color: colour("--line") } } },
      yAxis: {
        type: "category", data: lines.map((line) => line.name), axisTick: { show: false },
        axisLine: { lineStyle: { color: colour("--edge") } },
        axisLabel: { color: colour("--ink"), interval: 0, width: narrow ? 110 : 260, overflow: "truncate" },
      },
      series: [{
        type: "bar", data: lines.map((line) => line.value), barWidth: "58%", itemStyle: { color: colour("--link") },
        label: { show: true, position: "right", color: colour("--ink") }, cursor: "pointer",
      }],
    });
    chart.off("click");
    chart.on("click", ({ dataIndex }) => { if (lines[dataIndex].href) location.href = lines[dataIndex].href; });
    chart.resize();
  };
  draw();
  addEventListener("resize", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
