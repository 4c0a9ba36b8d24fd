"use strict";
// What pages do besides: everything here is a convenience, and pages work without it.
(() => {
  const root = document.documentElement, key = "theme";
  const kept = localStorage.getItem(key);
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;

  document.addEventListener("DOMContentLoaded", () => {
    for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
    const theme = document.getElementById("theme");
    theme?.addEventListener("click", () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      localStorage.setItem(key, root.dataset.theme);
    });
    for (const button of document.querySelectorAll("[data-copy]"))
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = "copied";
        setTimeout(() => { button.textContent = "copy"; }, 1500);
      });
    for (const button of document.querySelectorAll("[data-png]"))
      button.addEventListener("click", () => savePng(button.dataset.png, button.dataset.name));
    for (const box of document.querySelectorAll("[data-filters]")) filter(box);
    for (const part of document.querySelectorAll("[data-awaited]")) awaits(part);
    const live = document.getElementById("live");
    if (live) follow(live);
  });

  function filter(box) {
    const rows = [...document.getElementById(box.dataset.filters).tBodies[0].rows];
    box.addEventListener("input", () => {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
    });
  }

  // What is still worked out: its page is asked for again until it is there, and this part of it taken.
  function awaits(part) {
    setTimeout(async () => {
      try {
        const answer = await fetch(location.href);
        const fresh = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id) : null;
        if (!fresh) return;
        if (fresh.dataset.awaited) { awaits(part); return; }
        part.replaceChildren(...fresh.childNodes);
        delete part.dataset.awaited;
        for (const hidden of part.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
      } catch { /* Whoever looks again is shown it. */ }
    }, 1500);
  }

  // The picture as its file, drawn at twice its size on the colour of the page.
  function savePng(address, name) {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
      canvas.width = 2 * image.width;
      canvas.height = 2 * image.height;
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      const link = document.createElement("a");
      link.href = canvas.toDataURL("image/png");
      link.download = name + ".png";
      link.click();
    };
    image.src = address;
  }

  // A job that is under way: its events change what is told of it, and end with it.
  function follow(live) {
    const events = new EventSource(live.dataset.events), seen = [];
    const tell = (name, text) => { const part = document.getElementById("live-" + name); if (part) part.textContent = text; };
    const happened = message => {
      const { job, iterations, warnings } = JSON.parse(message.data);
      seen.push(...iterations);
      tell("state", job.state);
      tell("phase", job.phase);
      tell("restart", job.restarts ? `${Math.min(job.restart + 1, job.restarts)} of ${job.restarts}` : "–");
      tell("iteration", job.iteration);
      tell("objective", job.objective === null ? "–" : format(job.objective));
      const last = seen.at(-1);
      if (last && last.seconds > 0) tell("rate", format(Math.round(job.dataset.rows / last.seconds)));
      const bar = document.getElementById("live-bar");
      if (bar) bar.value = job.state === "succeeded" ? 1 : job.restarts ? (job.restart + Math.min(1, job.iteration / Math.max(1, job.max_iterations))) / job.restarts : 0;
      for (const step of document.querySelectorAll("#live-phases li")) step.className = step.dataset.phase === job.phase ? "now" : "";
      const log = document.getElementById("live-log");
      for (const warning of warnings) { const line = document.createElement("li"); line.textContent = warning; log?.append(line); }
      draw(seen);
      if (["succeeded", "failed", "cancelled", "interrupted"].includes(job.state)) { events.close(); location.reload(); }
    };
    events.addEventListener("progress", happened);
    events.addEventListener("ended", happened);
  }

  const format = value => Number(value).toLocaleString("en-US", { maximumSignificantDigits: 7 });

  // Objectives of all restarts, one after the other, in the space of the picture that is there.
  function draw(seen) {
    const picture = document.getElementById("live-picture"), shown = seen.slice(-2000).filter(one => one.objective !== null);
    if (!picture || shown.length < 2) return;
    const low = Math.min(...shown.map(one => one.objective)), high = Math.max(...shown.map(one => one.objective));
    const x = i => 70 + i / (shown.length - 1) * 376, y = value => 190 - (high > low ? (value - low) / (high - low) : .5) * 170;
    let path = "", restart = null;
    shown.forEach((one, i) => { path += `${one.restart === restart ? "L" : "M"}${x(i).toFixed(1)} ${y(one.objective).toFixed(1)}`; restart = one.restart; });
    picture.querySelector(".line").setAttribute("d", path);
    const [top, bottom] = picture.querySelectorAll(".tick");
    top.textContent = format(high);
    bottom.textContent = format(low);
  }
})();
