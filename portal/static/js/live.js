// Live values: the page is whole without this; here it changes while it is open.
(() => {
  "use strict";

  const state = document.getElementById("live-state");
  if (!state || !window.EventSource) return;

  const words = state.dataset;
  const language = document.documentElement.lang + "-MA";
  const mirrored = document.documentElement.dir === "rtl";
  // The time of Casablanca as the server knows it: browsers may have other rules.
  const zone = "UTC", offset = Number(words.offset);
  const local = (at) => new Date((at + offset) * 1000);
  const REFRESH_MS = 60000, SOONEST_MS = 5000, REDRAW_MS = 500;
  const oneDecimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: zone });
  const brief = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone });
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: zone });
  const live = () => document.getElementById("live");
  let plots = [];

  function say(kind) {
    if (state.dataset.nowIs === kind) return;
    state.dataset.nowIs = kind;
    state.querySelector("[role=status]").textContent = words[kind];
  }

  // What the server counts (state in words, completeness, tables) comes from there again.
  let last = 0, planned = 0;
  function refresh() {
    if (planned) return;
    const wait = Math.max(0, last + SOONEST_MS - Date.now());
    planned = setTimeout(() => {
      planned = 0;
      last = Date.now();
      if (live() && !document.hidden) htmx.trigger(live(), "live-refresh");
    }, wait);
  }
  setInterval(refresh, REFRESH_MS);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());

  let opened = [];
  document.addEventListener("htmx:before:swap", () => {
    opened = [...document.querySelectorAll("#live details[open]")].map((one) => one.id);
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const id of opened) {
      const table = document.getElementById(id);
      if (table) table.open = true;
    }
    draw();
  });

  const source = new EventSource(words.events);
  let lost = false;
  source.addEventListener("open", () => {
    say("open");
    if (lost) refresh();
    lost = false;
  });
  source.addEventListener("error", () => {
    lost = true;
    say(source.readyState === EventSource.CLOSED ? "ended" : "lost");
  });
  source.addEventListener("ended", () => {
    source.close();
    say("ended");
  });
  source.addEventListener("skipped", refresh);
  source.addEventListener("readings", (event) => {
    const told = JSON.parse(event.data);
    for (const [micros, code, value] of told.readings) {
      show(told.device, code, micros / 1e6, value);
    }
    if (told.status || (told.alarms && told.alarms.length)) refresh();
  });
  window.addEventListener("pagehide", () => source.close());

  function show(device, code, at, value) {
    const time = document.querySelector(`[data-at="${device}-${code}"]`);
    const number = document.querySelector(`[data-last="${device}-${code}"] bdi`);
    if (!time || !number) return;
    const moment = new Date(at * 1000);
    if (!time.dateTime || moment >= new Date(time.dateTime)) {
      number.textContent = value === null ? words.failed : oneDecimal.format(value);
      if (!time.dateTime) refresh();
      time.dateTime = moment.toISOString();
      time.textContent = clock.format(local(at));
    }
    if (live().dataset.device === device) {
      for (const one of plots) if (one.data.code === code) count(one, at, value);
    }
  }

  // A reading belongs to the stretch it was measured in, late ones as well.
  function count(one, at, value) {
    const { bins, step, since } = one.data;
    const start = one.first + Math.floor((at - one.first) / step) * step;
    if (start < since) return;
    let place = bins.length;
    while (place > 0 && bins[place - 1][0] > start) place -= 1;
    let bin = place > 0 && bins[place - 1][0] === start ? bins[place - 1] : null;
    if (!bin) {
      bin = [start, 0, 0, null, null, null];
      bins.splice(place, 0, bin);
    }
    if (value === null) {
      bin[2] += 1;
    } else {
      bin[5] = ((bin[5] ?? 0) * bin[1] + value) / (bin[1] + 1);
      bin[1] += 1;
      bin[3] = Math.min(bin[3] ?? value, value);
      bin[4] = Math.max(bin[4] ?? value, value);
    }
    one.data.until = Math.max(one.data.until, at);
    one.stale = true;
  }

  setInterval(() => {
    for (const one of plots) {
      if (!one.stale) continue;
      one.stale = false;
      const { until, bins, step } = one.data;
      one.data.since = Math.max(one.data.since, until - one.length);
      while (bins.length && bins[0][0] + step < one.data.since) bins.shift();
      one.plot.setData(columns(one.data));
    }
  }, REDRAW_MS);

  // Missing stretches are null, so that no line goes through them.
  function columns({ bins, step, silence, until }) {
    const x = [], mean = [], low = [], high = [];
    const add = (at, a, b, c) => { x.push(at); mean.push(a); low.push(b); high.push(c); };
    bins.forEach(([start, , , lowest, highest, average], place) => {
      if (place && start - bins[place - 1][0] > step + silence) {
        add((bins[place - 1][0] + start + step) / 2, null, null, null);
      }
      add(Math.min(start + step / 2, until), average, lowest, highest);
    });
    return [x, mean, low, high];
  }

  function gaps({ bins, step, silence, since, until }) {
    const ends = [[since, since], ...bins.map((bin) => [bin[0], bin[0] + step]), [until, until]];
    const found = [];
    for (let place = 1; place < ends.length; place += 1) {
      if (ends[place][0] - ends[place - 1][1] > silence) found.push([ends[place - 1][1], ends[place][0]]);
    }
    return found;
  }

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function range(data, lowest, highest) {
    if (lowest === null || lowest === undefined) return [data.low, data.high];
    const near = Math.max(highest - lowest, 0.05 * (data.high - data.low));
    if (lowest - data.low <= near) lowest = Math.min(lowest, data.low);
    if (data.high - highest <= near) highest = Math.max(highest, data.high);
    return [lowest - 0.1 * near, highest + 0.1 * near];
  }

  function under(data) {
    return (plot) => {
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.fillStyle = colour("--line");
      ctx.globalAlpha = 0.7;
      for (const [from, to] of gaps(data)) {
        const a = plot.valToPos(from, "x", true), b = plot.valToPos(to, "x", true);
        ctx.fillRect(Math.min(a, b), bbox.top, Math.abs(b - a), bbox.height);
      }
      ctx.restore();
    };
  }

  function over(data) {
    return (plot) => {
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.strokeStyle = colour("--red");
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      for (const bound of [data.low, data.high]) {
        if (bound < plot.scales.y.min || bound > plot.scales.y.max) continue;
        const y = plot.valToPos(bound, "y", true);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
      }
      ctx.restore();
    };
  }

  function options(data, width, length) {
    const write = length > 90000 ? day : brief;
    const ink = colour("--ink-soft"), line = colour("--line"), series = colour("--series-1");
    const font = "12px " + getComputedStyle(document.body).fontFamily;
    const value = (plot, raw) => (raw === null || raw === undefined ? "–" : oneDecimal.format(raw));
    const time = (plot, raw) => (raw ? `${length > 90000 ? day.format(local(raw)) + " " : ""}${brief.format(local(raw))}` : "–");
    const faint = { stroke: "transparent", width: 0, points: { show: false }, value };
    return {
      width,
      height: 260,
      scales: {
        x: { dir: mirrored ? -1 : 1, range: () => [data.since, Math.max(data.until, data.since + 1)] },
        y: { range: (plot, lowest, highest) => range(data, lowest, highest) },
      },
      axes: [
        { stroke: ink, font, grid: { show: false }, ticks: { stroke: line }, space: 70, values: (plot, splits) => splits.map((at) => write.format(local(at))) },
        { side: mirrored ? 1 : 3, stroke: ink, font, size: 56, grid: { stroke: line, width: 1 }, ticks: { stroke: line }, values: (plot, splits) => splits.map((one) => oneDecimal.format(one)) },
      ],
      series: [
        { label: words.time, value: time },
        { label: words.mean, stroke: series, width: 2, spanGaps: false, value, points: { size: 5, fill: series } },
        { label: words.low, ...faint },
        { label: words.high, ...faint },
      ],
      bands: [{ series: [3, 2], fill: `color-mix(in srgb, ${series} 20%, transparent)` }],
      hooks: { drawClear: [under(data)], draw: [over(data)] },
      tzDate: (at) => uPlot.tzDate(local(at), zone),
      cursor: { drag: { x: false, y: false } },
    };
  }

  function draw() {
    for (const one of plots) one.plot.destroy();
    plots = [];
    if (!window.uPlot) return;
    for (const figure of document.querySelectorAll("[data-chart]")) {
      const data = JSON.parse(figure.dataset.chart);
      const place = figure.querySelector(".plot");
      place.hidden = false;
      figure.classList.add("plotted");
      const length = data.until - data.since;
      const first = data.bins.length ? data.bins[0][0] : data.since;
      const plot = new uPlot(options(data, place.clientWidth, length), columns(data), place);
      plots.push({ data, plot, place, length, first, stale: false });
    }
  }

  new ResizeObserver(() => {
    for (const { plot, place } of plots) {
      if (place.clientWidth && place.clientWidth !== plot.width) plot.setSize({ width: place.clientWidth, height: 260 });
    }
  }).observe(document.getElementById("main"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
})();
