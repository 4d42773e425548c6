"""The layouts a law is printed in: one style sheet and one form each."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from printed.pages import Form


@dataclass(frozen=True, slots=True)
class Layout:
    """A printed form: how it is written, its style sheet, and whether it is one of the targets."""

    form: Form
    css: str
    target: bool = False
    numbered_lines: bool = False
    column: str = ""  # width of a column, for hyphens


_COMMON = """
body { font: 11pt/1.35 'Liberation Serif'; margin: 0 }
p { margin: 0 0 .45em }
h1,.h1 { font-size: 1.35em } h2,.h2 { font-size: 1.2em } h3,.h3 { font-size: 1.1em }
h4,.h4,h5,.h5,h6,.h6 { font-size: 1em }
h1,h2,h3,h4,h5,h6,.h { margin: .8em 0 .4em; break-after: avoid }
table { border-collapse: collapse; font-size: .9em; margin: .5em 0; width: 100% }
th, td { border: .5pt solid #444; padding: 1pt 4pt; text-align: left; vertical-align: top }
th.center, td.center { text-align: center } th.right, td.right { text-align: right }
caption { font-weight: bold }
blockquote { margin: .4em 2em } .fp-1 { margin-left: 1.5em } .fp-2 { margin-left: 3em }
.footnote, .table-note { font-size: .8em } .history { font-size: .9em }
.entry { margin: 0 } .e2 { margin-left: 1em } .e4 { margin-left: 2em }
.contents-title { font-weight: bold; font-size: 1.2em }
nav.contents { break-after: page }
"""
_PLAIN = "h1,h2,h3,h4,h5,h6,.h { font-weight: normal }"
_LOOKS_BOLD = ".h { font-weight: bold }"
_PAGE = "@page { size: letter; margin: 20mm 18mm; %s }"
_FOOT = "@bottom-center { content: counter(page); font: 9pt 'Liberation Serif' }"
_HEADS = (
    "@top-center { content: '%(name)s'; font: 8pt 'Liberation Sans' } "
    "@top-right { content: counter(page); font: 8pt 'Liberation Sans' }"
)
_PAGE_OF = (
    "@bottom-right { content: 'Page ' counter(page) ' of ' counter(pages); font: 8pt "
    "'Liberation Sans' } @bottom-left { content: 'Printed January 29, 2026'; font: 8pt "
    "'Liberation Sans' }"
)
# What is wider than a column goes across all of them.
_ACROSS = "h1, .h1.part, table.wide { column-span: all }"
_TWO = f"body {{ columns: 2; column-gap: 7mm; text-align: justify; hyphens: auto }} {_ACROSS}"
_THREE = f"body {{ columns: 3; column-gap: 5mm; text-align: justify; hyphens: auto }} {_ACROSS}"

LAYOUTS = {
    "one-column": Layout(Form(contents="pages"), _PAGE % _FOOT, target=True),
    "two-columns": Layout(
        Form(hyphens=True),
        _PAGE % _HEADS + _TWO + "body { font: 9.5pt/1.25 'Liberation Sans' }",
        target=True,
        column="86.45mm",
    ),
    "three-columns": Layout(
        Form(hyphens=True),
        _PAGE % (_HEADS + _FOOT) + _THREE + "body { font: 7.5pt/1.2 'Liberation Serif' }"
        "h1,h2,h3 { font-weight: normal; text-align: center }",
        target=True,
        column="56.63mm",
    ),
    # headings neither bold nor larger, in documents of no structure
    "plain-heads": Layout(
        Form(tagged=False),
        _PAGE % _FOOT + ".h { font-size: 11pt; font-weight: normal }",
    ),
    "centered-heads": Layout(
        Form(tagged=False), _PAGE % _PAGE_OF + _LOOKS_BOLD + ".h { text-align: center }"
    ),
    "split-heads": Layout(
        Form(tagged=False, split=True), _PAGE % _FOOT + _LOOKS_BOLD + ".h { text-align: center }"
    ),
    "no-sign": Layout(Form(sign="Sec"), _PAGE % _PAGE_OF + _PLAIN),
    "hanging": Layout(
        Form(hanging=True),
        _PAGE % _FOOT + ".hanging { display: flex } .number { flex: 0 0 18mm }",
    ),
    "line-numbers": Layout(
        Form(tagged=False), _PAGE % _FOOT + _LOOKS_BOLD, numbered_lines=True
    ),
    # as the Government Publishing Office sets the CFR
    "gpo": Layout(
        Form(contents="sections", hyphens=True),
        _PAGE % ("@top-left { content: 'Pt. %(number)s'; font: bold 8pt 'Liberation Serif' } "
                 "@top-right { content: '%(title)s CFR Ch. I (4–1–26 Edition)'; font: bold 8pt "
                 "'Liberation Serif' } @bottom-center { content: counter(page) }")
        + _TWO + "body { font: 8pt/1.15 'Liberation Serif' } p { text-indent: 1em; margin: 0 }"
        ".fp,.entry { text-indent: 0 } h1,h2,h3 { text-align: center }"
        "td,th { border-width: 0 .5pt 0 0; } thead th { border-bottom-width: .5pt }",
        column="86.45mm",
    ),
    "contents-alike": Layout(
        Form(contents="headings"),
        _PAGE % _PAGE_OF + ".entry { font-weight: bold; margin-top: .8em } table, td, th "
        "{ border: none }",
    ),
}  # fmt: skip


def page(layout: Layout, name: str, names: dict[str, str], content: str) -> str:
    """A whole page to be printed."""
    css = layout.css
    for key, value in names.items():
        css = css.replace(f"%({key})s", value.replace("'", "\\2019 "))
    script = _LINE_NUMBERS if layout.numbered_lines else ""
    script += _HYPHENS.replace("WIDTH", layout.column) if layout.form.hyphens else ""
    script += _DOTS if layout.form.contents == "pages" else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(name)}'
        f"</title>\n<style>{_COMMON}{css}</style></head>\n<body>\n{content}\n{script}</body></html>\n"
    )


# Each line is set by itself, with its number in the margin.
_LINE_NUMBERS = """<style>
body { width: 170mm } .line { display: flex; white-space: nowrap }
.line > i { flex: 0 0 9mm; font: 8pt 'Liberation Sans' } .figure { display: none }
</style><script>
let count = 0;
for (const block of [...document.querySelectorAll('p')]) {
  block.style.marginLeft = '9mm';
  const lines = [];
  let top = -1e9;
  const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    for (const piece of node.data.matchAll(/\\s*\\S+\\s*/g)) {
      const skip = piece[0].length - piece[0].trimStart().length;
      range.setStart(node, piece.index + skip);
      range.setEnd(node, piece.index + skip + 1);
      const box = range.getBoundingClientRect();
      if (box.bottom - top > 22 && box.left < 60 || !lines.length) {
        lines.push(''); top = box.top;
      }
      const em = node.parentElement.tagName == 'EM', text = piece[0].replace(/</g, '&lt;');
      lines[lines.length - 1] += em ? `<em>${text}</em>` : text;
    }
  }
  block.style.marginLeft = 0;
  const number = () => `<i>${count++ % 28 + 1}</i>`;
  block.innerHTML = lines.map(line =>
    `<span class="line">${number()}<span>${line}</span></span>`).join('');
}
</script>"""
# Chromium brings no dictionary of hyphens. Where a word breaks at a soft hyphen in a column of
# the same width, a hyphen and the end of a line are put; the other soft hyphens go.
_HYPHENS = """<script>
const form = document.createElement('style');
form.textContent = 'body { columns: auto; width: WIDTH }';
document.head.append(form);
const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const range = document.createRange();
const top_of = (node, at) => {
  range.setStart(node, at); range.setEnd(node, at + 1);
  return range.getBoundingClientRect().top;
};
for (let node = walk.nextNode(); node; node = walk.nextNode()) {
  if (!node.data.includes('\\xad')) continue;
  let text = '';
  for (let at = 0; at < node.length; at++)
    if (node.data[at] != '\\xad') text += node.data[at];
    else if (top_of(node, at + 2) - top_of(node, at - 1) > 4) text += '-\\xad';
  found.push([node, text]);
}
for (const [node, text] of found) {
  const pieces = text.split('\\xad');
  const end = () => document.createElement('br');
  node.replaceWith(...pieces.flatMap((piece, n) => n ? [end(), piece] : [piece]));
}
form.remove();
</script>"""
# Dots as far as the page number at the right.
_DOTS = """<style>.entry { display: flex; width: 174mm } .page { margin-left: auto }
.entry > span { white-space: pre }</style><script>
for (const dots of document.querySelectorAll('.dots')) {
  const one = dots.getBoundingClientRect().width / 5, entry = dots.parentElement;
  let free = entry.getBoundingClientRect().width - 12;
  for (const each of entry.children) if (each != dots) free -= each.getBoundingClientRect().width;
  dots.textContent = ' ' + '.'.repeat(Math.max(3, Math.floor(free / one) - 2));
}
</script>"""
