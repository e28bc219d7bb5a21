"use strict";
// Comforts on a page that is whole without them: values read from a chart by pointer or keyboard, and areas and
// lines shown or hidden. All figures come from the tables behind the charts.
(function () {
  var SVG = "http://www.w3.org/2000/svg";

  // What a row of the table behind a chart says.
  function words(table, index) {
    var row = table.tBodies[0].rows[index];
    var heads = table.tHead.rows[0].cells;
    var parts = [];
    if (row.hidden) { return row.cells[0].textContent + ": not shown."; }
    for (var at = 1; at < row.cells.length; at++) {
      if (!heads[at].hidden) { parts.push(heads[at].textContent + " " + row.cells[at].textContent); }
    }
    return row.cells[0].textContent + ". " + parts.join("; ") + ".";
  }

  // A column goes with its heading.
  function follow(head) {
    Array.from(head.closest("table").tBodies[0].rows).forEach(function (row) {
      row.cells[head.cellIndex].hidden = head.hidden;
    });
  }

  // Where rows lie: "left right top bottom:place place …", fields divided by semicolons, in shares of the picture.
  function fields(text) {
    var first = 0;
    return text.split(";").map(function (field) {
      var halves = field.split(":").map(function (half) { return half.split(" ").map(Number); });
      var box = halves[0];
      var one = { left: box[0], right: box[1], top: box[2], bottom: box[3], at: halves[1], first: first };
      first += one.at.length;
      return one;
    });
  }

  function reader(figure) {
    var svg = figure.querySelector("svg");
    var table = figure.querySelector("table");
    var across = figure.dataset.across === "across";
    var places = fields(figure.dataset.fields);
    var last = places[places.length - 1];
    var box = document.createElement("div");
    box.className = "reading";
    var label = document.createElement("label");
    var name = document.createElement("span");
    name.textContent = table.tHead.rows[0].cells[0].textContent === "Week of" ? "Read off a week" : "Read off a row";
    var range = document.createElement("input");
    range.type = "range"; range.min = 0; range.max = last.first + last.at.length - 1; range.value = 0;
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

    function draw(index) {
      var size = svg.viewBox.baseVal;
      var field = places.filter(function (one) { return one.first <= index; }).pop();
      var place = field.at[index - field.first];
      var row = (field.bottom - field.top) / field.at.length;
      var line = across ? [place, field.top, place, field.bottom]
        : [field.left + 0.02, place + 0.45 * row, field.right - 0.02, place + 0.45 * row];
      ["x1", "y1", "x2", "y2"].forEach(function (end, at) {
        mark.setAttribute(end, line[at] * (at % 2 === 0 ? size.width : size.height));
      });
      mark.setAttribute("visibility", "visible");
    }
    function show(index) {
      draw(index);
      range.value = index;
      range.dataset.shown = index;
      range.setAttribute("aria-valuetext", table.tBodies[0].rows[index].cells[0].textContent);
      output.textContent = words(table, index);
    }
    range.addEventListener("input", function () { show(Number(range.value)); });
    function point(event) {
      var area = svg.getBoundingClientRect();
      var x = (event.clientX - area.left) / area.width, y = (event.clientY - area.top) / area.height;
      var within = function (one) { return x >= one.left && x <= one.right && y >= one.top && y <= one.bottom; };
      var field = places.find(within);
      if (!field) { return; }
      var along = across ? x : y, nearest = 0;
      field.at.forEach(function (place, at) {
        if (Math.abs(place - along) < Math.abs(field.at[nearest] - along)) { nearest = at; }
      });
      var index = field.first + nearest;
      if (String(index) !== range.dataset.shown) { show(index); }
    }
    svg.addEventListener("pointermove", point);
    // A finger that taps does not move.
    svg.addEventListener("pointerdown", point);
    return function () {
      if (range.dataset.shown) { output.textContent = words(table, Number(range.dataset.shown)); }
    };
  }

  // Lines of a chart, each with its column of the table.
  function lines(figure, again) {
    var heads = Array.from(figure.querySelectorAll("thead th[data-series]"));
    if (heads.length < 2) { return; }
    var set = document.createElement("fieldset");
    set.className = "lines";
    var legend = document.createElement("legend");
    legend.textContent = "Lines shown";
    set.append(legend);
    heads.forEach(function (head) {
      var label = document.createElement("label");
      var box = document.createElement("input");
      box.type = "checkbox";
      box.checked = true;
      label.append(box, " " + head.textContent);
      set.append(label);
      box.addEventListener("change", function () {
        head.hidden = !box.checked;
        follow(head);
        figure.querySelectorAll("svg g[data-series]").forEach(function (line) {
          if (line.dataset.series === head.dataset.series) {
            line.setAttribute("display", box.checked ? "inline" : "none");
          }
        });
        again();
      });
    });
    figure.querySelector(".reading").after(set);
  }

  var readers = Array.from(document.querySelectorAll("figure[data-fields]")).map(function (figure) {
    var again = reader(figure);
    lines(figure, again);
    return again;
  });

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
          if (part.tagName === "TH") { follow(part); }
        }
      });
      readers.forEach(function (again) { again(); });
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
