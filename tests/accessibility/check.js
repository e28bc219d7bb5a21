// Opens reports in a real browser and holds them to WCAG 2.2 AA.
//
//   node check.js REPORT.html...
//
// For each: axe-core at the widths of a desktop and a phone, everything unfolded; nothing fetched from anywhere;
// no script refused by the page's own policy; the skip link, the sliders and the choice of areas work by keyboard;
// nothing wider than the phone. Exit code 1 when anything is wrong.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [1280, 375];
const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node check.js REPORT.html...");
  process.exit(2);
}

const faults = [];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const file of files) await Promise.all(WIDTHS.map((width) => check(file, width)));
await browser.close();
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
  const slider = page.locator("figure[data-rows] input[type=range]").first();
  if ((await page.locator("figure[data-rows]").count()) > 0) {
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    const read = await page.locator("figure[data-rows] output").first().textContent();
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
