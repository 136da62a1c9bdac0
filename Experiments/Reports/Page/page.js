// Draws every <div class="chart"> from the JSON beside it: curves with a legend to switch them, values under the pointer or the arrow
// keys, and, where a curve has several frames, a slider and a play button. No library, no network.
(() => {
  "use strict";
  const svgNamespace = "http://www.w3.org/2000/svg";
  const margin = { left: 62, right: 14, top: 10, bottom: 42 };
  const charts = new Map();

  const html = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const shape = (tag, attributes, ...children) => {
    const element = document.createElementNS(svgNamespace, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const short = value => {
    if (value === null || value === undefined) return "not finite";
    const size = Math.abs(value);
    const text = size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
    return text.replace("-", "−");
  };

  // Round numbers from low to high, about count many; powers of ten on a logarithmic axis.
  const ticks = (low, high, count, logarithmic) => {
    const found = [];
    if (logarithmic) {
      const every = Math.max(1, Math.ceil((Math.log10(high) - Math.log10(low)) / count));
      for (let power = Math.ceil(Math.log10(low) - 1e-9); power <= Math.log10(high) + 1e-9; power += every) found.push(10 ** power);
      return found;
    }
    const rough = (high - low) / count, unit = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(s => s * unit).find(s => s >= rough);
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(Number((i * step).toPrecision(12)));
    return found;
  };

  class Chart {
    constructor(box, data) {
      Object.assign(this, { box, hidden: new Set(), frame: 0, cursor: null, timer: null });
      this.curves = html("div", { className: "curves", role: "group" });
      this.curves.setAttribute("aria-label", "Curves shown");
      this.play = html("button", { type: "button", onclick: () => this.togglePlay() });
      this.slider = html("input", { type: "range", min: 0, step: 1, oninput: () => { this.stop(); this.show(Number(this.slider.value)); } });
      this.label = html("output");
      this.time = html("div", { className: "time" }, this.play, this.slider, this.label);
      this.picture = shape("svg", { role: "img", tabindex: 0 });
      this.values = html("p", { className: "values" });
      this.values.setAttribute("aria-live", "polite");
      box.append(this.curves, this.time, this.picture, this.values);
      this.picture.addEventListener("pointermove", e => this.point(e));
      this.picture.addEventListener("pointerleave", () => this.moveCursor(null));
      this.picture.addEventListener("keydown", e => this.key(e));
      this.update(data);
      new ResizeObserver(() => this.draw()).observe(box);
    }

    // New data in place of the old: the slider stays, or follows if it stood at the end.
    update(data) {
      const atEnd = !this.data || this.frame >= this.data.labels.length - 1;
      this.data = data;
      this.slider.max = Math.max(0, data.labels.length - 1);
      this.slider.setAttribute("aria-label", data.frame);
      this.time.hidden = data.labels.length < 2;
      this.stop();
      this.logY = this.logY ?? data.logY;
      this.curves.replaceChildren(...data.lines.map((line, i) => this.button(line.name, i)), this.scaleButton());
      this.show(atEnd ? data.labels.length - 1 : this.frame);
    }

    button(name, index) {
      const swatch = html("span", { className: "swatch", style: `background: var(--c${index % 10})` });
      const button = html("button", { type: "button" }, swatch, name);
      button.setAttribute("aria-pressed", String(!this.hidden.has(name)));
      button.onclick = () => {
        if (!this.hidden.delete(name)) this.hidden.add(name);
        button.setAttribute("aria-pressed", String(!this.hidden.has(name)));
        this.draw();
      };
      return button;
    }

    // A logarithmic axis shows the tails of a histogram.
    scaleButton() {
      const button = html("button", { type: "button", className: "scale" });
      const say = () => { button.textContent = this.logY ? "Linear axis" : "Logarithmic axis"; };
      button.onclick = () => { this.logY = !this.logY; say(); this.draw(); };
      say();
      return button;
    }

    show(frame) {
      this.frame = Math.max(0, Math.min(frame, this.data.labels.length - 1));
      this.slider.value = this.frame;
      const label = this.data.labels[this.frame] ?? "";
      this.label.textContent = `${this.data.frame} ${label}`;
      this.slider.setAttribute("aria-valuetext", `${this.data.frame} ${label}`);
      this.draw();
    }

    togglePlay() {
      if (this.timer) return this.stop();
      const last = this.data.labels.length - 1;
      if (this.frame >= last) this.show(0);
      this.play.textContent = "Pause";
      this.timer = setInterval(() => this.frame >= last ? this.stop() : this.show(this.frame + 1), Math.max(60, Math.min(400, 8000 / last)));
    }

    stop() {
      clearInterval(this.timer);
      this.timer = null;
      this.play.textContent = "Play";
    }

    xOf(line, frame = this.frame) { return line.x[Math.min(frame, line.x.length - 1)]; }

    yOf(line, frame = this.frame) { return line.y[Math.min(frame, line.y.length - 1)]; }

    visible() { return this.data.lines.map((line, color) => ({ line, color })).filter(l => !this.hidden.has(l.line.name)); }

    // Over all frames, so that the axes stand still; where they differ too much (rescale), of the frame that is shown.
    extent(values, logarithmic) {
      let low = Infinity, high = -Infinity;
      for (const list of values)
        for (const value of list)
          if (value !== null && (!logarithmic || value > 0)) { low = Math.min(low, value); high = Math.max(high, value); }
      if (low > high) return [0.1, 1];
      if (low === high) return logarithmic ? [low / 10, high * 10] : [low - 1, high + 1];
      return [low, high];
    }

    draw() {
      const width = this.picture.clientWidth;
      if (!width) return;
      const { data } = this, height = Math.round(Math.max(230, Math.min(420, width * 0.45)));
      const shown = this.visible(), frames = line => data.rescale ? [this.frame] : line.y.map((_, i) => i);
      const [x0, x1] = this.extent(shown.flatMap(l => frames(l.line).map(f => this.xOf(l.line, f))), data.logX);
      let [y0, y1] = this.extent(shown.flatMap(l => frames(l.line).map(f => this.yOf(l.line, f))), this.logY);
      if (!this.logY) { if (y0 > 0 && y0 < y1 / 2) y0 = 0; y1 += (y1 - y0) * 0.05; }
      const scale = (low, high, from, to, logarithmic) => logarithmic
        ? value => value > 0 ? from + (to - from) * Math.log(value / low) / Math.log(high / low) : from
        : value => from + (to - from) * (value - low) / (high - low);
      const x = this.x = scale(x0, x1, margin.left, width - margin.right, data.logX);
      const y = scale(y0, y1, height - margin.bottom, margin.top, this.logY);
      const parts = [];
      for (const tick of ticks(x0, x1, width / 90, data.logX))
        parts.push(shape("line", { class: "grid", x1: x(tick), x2: x(tick), y1: margin.top, y2: height - margin.bottom }),
          shape("text", { x: x(tick), y: height - margin.bottom + 16, "text-anchor": "middle" }, short(tick)));
      for (const tick of ticks(y0, y1, height / 55, this.logY))
        parts.push(shape("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }),
          shape("text", { x: margin.left - 6, y: y(tick) + 4, "text-anchor": "end" }, short(tick)));
      parts.push(shape("text", { x: (margin.left + width - margin.right) / 2, y: height - 8, "text-anchor": "middle" }, data.x),
        shape("text", { transform: `translate(13 ${(height - margin.bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, data.y));
      const curve = (line, color, frame, kind) => {
        const xs = this.xOf(line, frame), ys = this.yOf(line, frame);
        let path = "", pen = "M";
        ys.forEach((value, i) => {
          if (value === null || (this.logY && value <= 0) || (data.logX && xs[i] <= 0)) { pen = "M"; return; }
          path += `${pen}${x(xs[i]).toFixed(1)} ${y(value).toFixed(1)}`;
          pen = "L";
        });
        parts.push(shape("path", { class: kind, d: path, stroke: `var(--c${color % 10})`, "stroke-dasharray": color >= 10 ? "6 3" : "none" }));
        if (ys.length === 1 && path) parts.push(shape("circle", { cx: x(xs[0]), cy: y(ys[0]), r: 3, fill: `var(--c${color % 10})` }));
      };
      if (data.behind && this.frame > 0) for (const { line, color } of shown) if (line.y.length > 1) curve(line, color, 0, "curve behind");
      for (const { line, color } of shown) curve(line, color, this.frame, "curve");
      this.cursorLine = shape("line", { class: "cursor", y1: margin.top, y2: height - margin.bottom, visibility: "hidden" });
      this.picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
      this.picture.setAttribute("height", height);
      this.picture.setAttribute("aria-label", `${data.title}. ${data.y} against ${data.x}, ${shown.map(l => l.line.name).join(", ")}. Left and right arrow keys read values.`);
      this.picture.replaceChildren(...parts, this.cursorLine);
      this.moveCursor(this.cursor);
    }

    // The longest visible curve's points are the places where the cursor can stand.
    places() {
      const shown = this.visible();
      return shown.length ? shown.map(l => this.xOf(l.line)).reduce((a, b) => b.length > a.length ? b : a) : [];
    }

    point(event) {
      const box = this.picture.getBoundingClientRect(), at = event.clientX - box.left;
      let best = null;
      this.places().forEach((value, i, all) => { if (best === null || Math.abs(this.x(value) - at) < Math.abs(this.x(all[best]) - at)) best = i; });
      this.moveCursor(best);
    }

    key(event) {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }[event.key], count = this.places().length;
      if (!step || !count) return;
      event.preventDefault();
      this.moveCursor(Math.max(0, Math.min(count - 1, (this.cursor ?? (step > 0 ? -1 : count)) + step)));
    }

    moveCursor(index) {
      const places = this.places();
      this.cursor = index !== null && index < places.length ? index : null;
      if (this.cursor === null) {
        this.cursorLine?.setAttribute("visibility", "hidden");
        this.values.textContent = "";
        return;
      }
      const at = places[this.cursor];
      for (const side of ["x1", "x2"]) this.cursorLine.setAttribute(side, this.x(at));
      this.cursorLine.setAttribute("visibility", "visible");
      const readings = this.visible().map(({ line }) => {
        const i = this.xOf(line).indexOf(at);
        return i < 0 ? null : `${line.name} ${short(this.yOf(line)[i])}`;
      }).filter(text => text);
      this.values.textContent = `${this.data.x} ${short(at)}: ${readings.join(", ")}`;
    }
  }

  const put = (id, data) => {
    const known = charts.get(id);
    if (known) return known.update(data);
    const box = document.getElementById(id);
    if (box) charts.set(id, new Chart(box, data));
  };
  for (const box of document.querySelectorAll(".chart"))
    put(box.id, JSON.parse(document.getElementById(`${box.id}-data`).textContent));

  // The live page: the server sends a chart whenever an epoch has changed it, and says when the lecture is done.
  const live = document.getElementById("live");
  if (!live) return;
  const source = new EventSource("events");
  source.addEventListener("status", e => { live.textContent = e.data; });
  source.addEventListener("chart", e => {
    const data = JSON.parse(e.data);
    if (!document.getElementById(data.id)) {
      const box = html("div", { className: "chart", id: data.id }, html("h3", { textContent: data.title }), html("p", { className: "soft", textContent: data.caption }));
      document.getElementById("charts").append(box);
    }
    put(data.id, data);
  });
  source.addEventListener("done", e => { source.close(); live.textContent = e.data; });
  source.onerror = () => { if (source.readyState !== EventSource.CLOSED) live.textContent = "The training's program does not answer; waiting for it…"; };
})();
