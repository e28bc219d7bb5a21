"""Has LibreOffice work out every total of a workbook anew, and holds it against what the file states.

    recalculate.py REPORT.xlsx...

The values that the file states for its formulas are taken out of a copy, so that LibreOffice must work them out;
then every one must be as stated, to a hundredth of a penny. Every chart must have alternative text. Every sheet
must open with its header in the first row and have no empty row. Exit code 1 when something differs, or when there is
no formula in any of them.
Needs Python and LibreOffice (soffice).
"""

import csv
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def place(reference):
    letters, row = re.fullmatch(r"([A-Z]+)([0-9]+)", reference).groups()
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return int(row) - 1, column - 1


def stated(path):
    """Sheet, row, column, formula and value of every formula."""
    with zipfile.ZipFile(path) as book:
        names = [sheet.get("name") for sheet in tree.fromstring(book.read("xl/workbook.xml")).iter(MAIN + "sheet")]
        for number, name in enumerate(names, 1):
            for cell in tree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iter(MAIN + "c"):
                formula = cell.find(MAIN + "f")
                if formula is not None:
                    yield name, *place(cell.get("r")), formula.text, float(cell.find(MAIN + "v").text)


def without_values(book, copy):
    """A copy whose formulas have no values."""
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(name, content)


def sheets_by_libreoffice(book, folder):
    """Every sheet's rows, as LibreOffice has them."""
    copy = folder / "book.xlsx"
    without_values(book, copy)
    # Values as they are rather than as they are shown, and every sheet (-1).
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    home = f"-env:UserInstallation=file://{folder}/office"
    command = ["soffice", home, "--headless", "--convert-to", form, "--outdir", str(folder), str(copy)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sheets = {}
    for path in folder.glob("book-*.csv"):
        with open(path, newline="", encoding="utf-8") as file:
            sheets[path.stem.removeprefix("book-")] = list(csv.reader(file))
    return sheets


def pictures(book):
    """The number of charts, and of those without alternative text."""
    with zipfile.ZipFile(book) as parts:
        drawings = [name for name in parts.namelist() if re.fullmatch(r"xl/drawings/drawing[0-9]+\.xml", name)]
        frames = [frame for name in drawings for frame in re.findall(rb"<xdr:cNvPr [^>]*>", parts.read(name))]
    return len(frames), sum(b' descr="' not in frame for frame in frames)


def check(book):
    """The number of faults, and of formulas."""
    faults, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        sheets = sheets_by_libreoffice(book, pathlib.Path(folder))
    for name, rows in sheets.items():
        if not all(rows[0]):
            faults.append(f"{name}: a column has no header")
        faults.extend(f"{name}: row {at + 1} is empty" for at, row in enumerate(rows) if not any(row))
    for name, row, column, formula, value in stated(book):
        count += 1
        shown = sheets[name][row][column]
        try:
            # LibreOffice gives shares in per cent, to two decimals.
            share = shown.endswith("%")
            found = float(shown.rstrip("%")) / 100 if share else float(shown)
            agrees = abs(found - value) < (1e-4 if share else 1e-4 + 1e-9 * abs(value))
        except ValueError:
            agrees = False
        if not agrees:
            faults.append(f"{name}, row {row + 1}, column {column + 1}: ={formula} gives {shown}, not {value}")
    charts, silent = pictures(book)
    if silent:
        faults.append(f"{silent} of {charts} charts have no alternative text")
    for fault in faults:
        print(f"{book}: {fault}", file=sys.stderr)
    print(f"{book}: {len(sheets)} sheets, {charts} charts, {count} formulas recalculated, {len(faults)} faults")
    return len(faults), count


if __name__ == "__main__":
    checked = [check(pathlib.Path(book)) for book in sys.argv[1:]]
    # Without any formula nothing has been checked.
    sys.exit(1 if any(faults for faults, _ in checked) or not any(count for _, count in checked) else 0)
