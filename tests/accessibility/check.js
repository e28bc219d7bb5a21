// Opens reports in a real browser and holds them to WCAG 2.2 AA.
//
//   node check.js [--every-kind] REPORT.html...
//
// For each: axe-core at the widths of a desktop and a phone, everything unfolded; nothing fetched from anywhere;
// no script refused by the page's own policy; the skip link, the sliders and the choice of areas and lines work by
// keyboard; pointing at a chart of any kind reads the row of its table that lies there; nothing wider than the phone.
// With `--every-kind` the reports together must have shown every kind of chart. Exit code 1 when anything is wrong.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [1280, 375];
// Charts by what their identifiers begin with. The pathway has no figures of the simulation.
const KINDS = ["areas", "heat_map", "funders", "fan", "staffing", "tornado", "difference", "waterfall", "funding_rules",
  "funding_frontier"];
// Charts that are read in their table alone; it stands below each.
const IN_TABLES = ["observed", "contacts", "stays", "shares"];
const everyKind = process.argv[2] === "--every-kind";
const files = process.argv.slice(everyKind ? 3 : 2);
const pointedAt = new Set();
if (files.length === 0) {
  console.error("usage: node check.js [--every-kind] REPORT.html...");
  process.exit(2);
}

const faults = [];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const file of files) await Promise.all(WIDTHS.map((width) => check(file, width)));
await browser.close();
if (everyKind) {
  KINDS.filter((kind) => !pointedAt.has(kind)).forEach((kind) => faults.push(`no report has a chart of the kind ${kind}`));
}
faults.forEach((fault) => console.error(fault));
process.exit(faults.length === 0 ? 0 : 1);

// One report at one width.
async function check(file, width) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const wrong = (what) => faults.push(`${file} at ${width}: ${what}`);
  page.on("console", (message) => {
    if (message.type() === "error") wrong(`the browser says: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong(`a script failed: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) wrong(`it fetches ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  if (width === WIDTHS[0]) await keyboard(page, wrong);
  await pointer(page, wrong);
  const room = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  if (room[0] > room[1]) wrong(`it is ${room[0]} pixels wide`);
  await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
  // In the page's own policy no foreign script may run; axe comes by the debugger, past it.
  await page.evaluate(axe);
  const how = { runOnly: { type: "tag", values: TAGS }, resultTypes: ["violations"] };
  const found = await page.evaluate((how) => axe.run(how), how);
  for (const violation of found.violations) {
    const where = violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ");
    wrong(`${violation.id}: ${violation.help} (${violation.nodes.length} places: ${where})`);
  }
  console.log(`${file} at ${width}: ${found.passes.length} rules passed, ${found.violations.length} violated`);
  await page.close();
}

// What a person without a pointer must be able to do.
async function keyboard(page, wrong) {
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  if (first !== "skip") wrong("the first stop is not the skip link");
  await page.keyboard.press("Enter");
  if ((await page.evaluate(() => document.activeElement.id)) !== "main") wrong("the skip link does not lead to the paper");
  const slider = page.locator("figure[data-fields] input[type=range]").first();
  if ((await page.locator("figure[data-fields]").count()) > 0) {
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    const read = await page.locator("figure[data-fields] output").first().textContent();
    if (!read) wrong("a slider says nothing");
  }
  const boxes = page.locator("#areas-shown input");
  if ((await boxes.count()) > 0) {
    const area = await boxes.first().getAttribute("value");
    await boxes.first().focus();
    await page.keyboard.press("Space");
    const seen = await page.locator(`main tr[data-area="${area}"]:visible`).count();
    if (seen > 0) wrong("an area that was switched off is still shown");
    await page.keyboard.press("Space");
  }
}

// Pointing at the first and the last place of every chart that is not folded away reads their rows; a line that is
// switched off goes from chart, table and reading.
async function pointer(page, wrong) {
  for (const figure of await page.locator("figure.chart:visible").all()) {
    const id = (await figure.getAttribute("id")).replace("chart-", "");
    if (id === "pathway") continue;
    if (IN_TABLES.some((kind) => id.startsWith(kind))) {
      if ((await figure.locator("tbody tr").count()) === 0) wrong(`${id} has no table`);
      continue;
    }
    const kind = KINDS.find((kind) => id.startsWith(kind));
    if (!kind) { wrong(`${id} is of no known kind`); continue; }
    const fields = await figure.getAttribute("data-fields");
    if (!fields) { wrong(`${id} cannot be pointed at`); continue; }
    const across = (await figure.getAttribute("data-across")) === "across";
    const parts = fields.split(";").map((field) => field.split(":").map((half) => half.split(" ").map(Number)));
    const last = parts[parts.length - 1];
    const rows = await figure.locator("tbody tr th").allTextContents();
    const svg = figure.locator("svg");
    // Of rows in one place the first is read.
    const end = last[1].indexOf(last[1].at(-1));
    for (const [[box, at], place, row] of [[parts[0], 0, 0], [last, end, rows.length - last[1].length + end]]) {
      const [left, right, top, bottom] = box;
      const x = across ? at[place] : (left + right) / 2;
      const y = across ? (top + bottom) / 2 : at[place];
      const size = await svg.boundingBox();
      await svg.hover({ position: { x: x * size.width, y: y * size.height } });
      const said = await figure.locator("output").textContent();
      if (!said.startsWith(`${rows[row]}. `) || !/ [-+−]?£?[0-9]/.test(said)) {
        wrong(`${id}: pointing at "${rows[row]}" says "${said}"`);
      }
    }
    // Where nothing differs in any run, and where no chance is in it, there is no range to show.
    const figures = (await figure.locator("tbody td").allTextContents()).join(" ");
    const ranged = / to |without simulation/.test(await figure.locator("table").textContent());
    if (!ranged && /[1-9]/.test(figures)) wrong(`${id} has no ranges`);
    pointedAt.add(kind);
    await lines(figure, id, wrong);
  }
}

async function lines(figure, id, wrong) {
  const heads = figure.locator("thead th[data-series]");
  if ((await heads.count()) < 2) return;
  const name = await heads.first().textContent();
  const box = figure.locator(".lines input").first();
  await box.focus();
  await box.press("Space");
  const seen = await figure.locator(`svg g[data-series="${await heads.first().getAttribute("data-series")}"]`).evaluateAll(
    (all) => all.filter((one) => one.getAttribute("display") !== "none").length);
  if (seen > 0 || (await figure.locator("output").textContent()).includes(name)) {
    wrong(`${id}: the line "${name}" that was switched off is still shown`);
  }
  await box.press("Space");
}
