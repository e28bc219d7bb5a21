"use strict";
// Two comforts on a page that is whole without them: values read from a chart by pointer or keyboard, and areas
// shown or hidden. All figures come from the tables behind the charts.
(function () {
  var SVG = "http://www.w3.org/2000/svg";

  // What a row of the table behind a chart says.
  function words(table, index) {
    var row = table.tBodies[0].rows[index];
    if (!row) { return ""; }
    var heads = table.tHead.rows[0].cells;
    var parts = [];
    for (var at = 1; at < row.cells.length; at++) {
      if (!heads[at].hidden) { parts.push(heads[at].textContent + " " + row.cells[at].textContent); }
    }
    return row.cells[0].textContent + ". " + parts.join("; ") + ".";
  }

  function reader(figure) {
    var svg = figure.querySelector("svg");
    var table = figure.querySelector("table");
    var across = figure.dataset.across === "across";
    var from = Number(figure.dataset.from), to = Number(figure.dataset.to), rows = Number(figure.dataset.rows);
    var box = document.createElement("div");
    box.className = "reading";
    var label = document.createElement("label");
    var name = document.createElement("span");
    name.textContent = across ? "Read off a week" : "Read off a row";
    var range = document.createElement("input");
    range.type = "range"; range.min = 0; range.max = rows - 1; range.value = 0;
    label.append(name, range);
    var output = document.createElement("output");
    output.setAttribute("aria-live", "polite");
    box.append(label, output);
    figure.querySelector(".scroll").after(box);

    var mark = document.createElementNS(SVG, "line");
    mark.setAttribute("stroke", "#b04a1e");
    mark.setAttribute("stroke-width", "20");
    mark.setAttribute("pointer-events", "none");
    mark.setAttribute("visibility", "hidden");
    svg.append(mark);

    function show(index) {
      var size = svg.viewBox.baseVal;
      var place = from + (to - from) * (index + 0.5) / rows;
      var line = across
        ? [place * size.width, 0.12 * size.height, place * size.width, 0.95 * size.height]
        : [0.02 * size.width, (place + (to - from) / rows * 0.45) * size.height, 0.98 * size.width, 0];
      mark.setAttribute("x1", line[0]); mark.setAttribute("y1", line[1]);
      mark.setAttribute("x2", line[2]); mark.setAttribute("y2", across ? line[3] : line[1]);
      mark.setAttribute("visibility", "visible");
      range.setAttribute("aria-valuetext", table.tBodies[0].rows[index].cells[0].textContent);
      output.textContent = words(table, index);
    }
    range.addEventListener("input", function () { show(Number(range.value)); });
    svg.addEventListener("pointermove", function (event) {
      var area = svg.getBoundingClientRect();
      var at = across ? (event.clientX - area.left) / area.width : (event.clientY - area.top) / area.height;
      var index = Math.floor((at - from) / (to - from) * rows);
      if (index >= 0 && index < rows && String(index) !== range.dataset.shown) {
        range.dataset.shown = index;
        range.value = index;
        show(index);
      }
    });
  }

  document.querySelectorAll("figure[data-rows]").forEach(reader);

  var form = document.getElementById("areas-shown");
  if (form) {
    var boxes = Array.from(form.querySelectorAll("input"));
    var update = function () {
      var shown = {};
      boxes.forEach(function (box) { shown[box.value] = box.checked; });
      document.querySelectorAll("main [data-area]").forEach(function (part) {
        var hide = shown[part.getAttribute("data-area")] === false;
        if (part.namespaceURI === SVG) {
          part.setAttribute("visibility", hide ? "hidden" : "visible");
        } else {
          part.hidden = hide;
        }
      });
    };
    form.hidden = false;
    form.addEventListener("change", update);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.querySelectorAll("button").forEach(function (button) {
      button.addEventListener("click", function () {
        boxes.forEach(function (box) { box.checked = button.dataset.all === "1"; });
        update();
      });
    });
  }

  // What belongs on paper is opened for printing, and closed again.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details[data-in-print]:not([open])"));
    opened.forEach(function (part) { part.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
  });
})();
