"""The size of the house: short modules, short functions, shallow nesting, and a docstring for each module.

A module is as long as its file. A function is as long as the lines that hold its code, from `def` to its
end and with the functions inside it; decorators, docstrings, comments and blank lines are left out. Within
a function, each statement that holds a block adds one to the nesting; `elif` and `case` add none, and a
function inside another is measured by itself. A median is taken over all modules that hold code and over
all functions. The revisions of the schema are not measured: they are records, written once and never
changed.
"""

import ast
import io
import tokenize
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from statistics import median

import pytest

from product import Module, is_text, read_packages, read_product

MODULE_MEDIAN, MODULE_CEILING = 120, 400
FUNCTION_MEDIAN, FUNCTION_CEILING = 10, 60
NESTING_CEILING = 3

Function = ast.FunctionDef | ast.AsyncFunctionDef
LOOPS = (ast.For, ast.AsyncFor, ast.While)
BLOCKS = (*LOOPS, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
LAYOUT = (
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENCODING, tokenize.ENDMARKER),
)


def test_the_product_keeps_its_shape() -> None:
    """No module, function or nesting is above its ceiling, and the medians stay low."""
    faults = list(find_faults([module for module in read_product() if not is_revision(module)]))
    assert faults == [], "\n".join(faults)


def test_a_long_module_is_found(tmp_path: Path) -> None:
    """The ceiling of a module counts every line of its file, and one such module lifts the median too."""
    assert find_text_faults(tmp_path, '"""A list."""\n' + "a = 1\n" * (MODULE_MEDIAN - 1)) == []
    faults = find_text_faults(tmp_path, '"""A list."""\n' + "a = 1\n" * MODULE_CEILING)
    assert faults == [
        "shop.orders has 401 lines, 400 are allowed",
        "the median module has 401 lines, 120 are allowed",
    ]


def test_a_long_function_is_found(tmp_path: Path) -> None:
    """A function's ceiling counts its code, and its inner functions', but no words and no white space."""
    words = '"""Buy.\n\nMuch.\n"""\n    # Why.\n\n'
    assert find_text_faults(tmp_path, f'"""A list."""\ndef buy():\n    {words}' + "    a = 1\n" * 9) == []
    long = '"""A list."""\ndef buy():\n    def pay():\n' + "        a = 1\n" * (FUNCTION_CEILING - 1)
    assert find_text_faults(tmp_path, long) == [
        "shop.orders.buy has 61 lines, 60 are allowed",
        "the median function has 60.5 lines, 10 are allowed",
    ]


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("for a in b:\n  if a:\n   while a:\n    with a:\n     pass", 4),
        ("try:\n  match a:\n   case 1:\n    if a:\n     pass\nexcept E:\n  pass", 3),
        ("if a:\n  pass\n elif b:\n  pass\n elif c:\n  pass\n elif d:\n  pass\n else:\n  pass", 1),
        ("if a:\n  pass\n else:\n  if b:\n   pass", 2),
        ("while a:\n  def pay():\n   while a:\n    pass", 1),
    ],
)
def test_nesting_counts_each_block_once(text: str, depth: int) -> None:
    """Every block adds a level, whatever statement it is of; `elif` adds none."""
    function = ast.parse(f"def buy():\n {text}".replace("\nexcept", "\n except")).body[0]
    assert measure_nesting(function) == depth


def test_deep_nesting_is_found(tmp_path: Path) -> None:
    """Nesting above the ceiling is a fault, named with its function and its class."""
    text = '"""A list."""\nclass Shop:\n  def buy(self):\n   if a:\n    if b:\n     if c:\n      if d: pass\n'
    assert find_text_faults(tmp_path, text) == ["shop.orders.Shop.buy is nested 4 deep, 3 are allowed"]


def test_a_module_without_a_docstring_is_found(tmp_path: Path) -> None:
    """Each module says what it is for, an empty one as well."""
    assert find_text_faults(tmp_path, "") == ["shop.orders has no docstring"]


def find_text_faults(folder: Path, text: str) -> list[str]:
    """Return the faults of a small made-up product with this text in its only module."""
    (folder / "shop").mkdir(exist_ok=True)
    (folder / "shop" / "orders.py").write_text(text, encoding="utf-8")
    return list(find_faults(read_packages([folder / "shop"])))


def find_faults(modules: Sequence[Module]) -> Iterator[str]:
    """Yield a line for each limit that one of the modules, or all of them together, are above."""
    functions = [found for module in modules for found in measure_functions(module)]
    lengths = {module.name: len(module.text.splitlines()) for module in modules if not module.is_empty}
    yield from (f"{module.name} has no docstring" for module in modules if not ast.get_docstring(module.tree))
    yield from find_long("module", lengths.items(), MODULE_CEILING, MODULE_MEDIAN)
    yield from find_long("function", [found[:2] for found in functions], FUNCTION_CEILING, FUNCTION_MEDIAN)
    for name, _, depth in functions:
        if depth > NESTING_CEILING:
            yield f"{name} is nested {depth} deep, {NESTING_CEILING} are allowed"


def find_long(kind: str, lengths: Collection[tuple[str, int]], ceiling: int, middle: int) -> Iterator[str]:
    """Yield a line for each length above the ceiling, and one when their median is above `middle`."""
    for name, length in lengths:
        if length > ceiling:
            yield f"{name} has {length} lines, {ceiling} are allowed"
    present = median(length for _, length in lengths) if lengths else 0
    if present > middle:
        yield f"the median {kind} has {present} lines, {middle} are allowed"


def measure_functions(module: Module) -> Iterator[tuple[str, int, int]]:
    """Yield the full name, the length and the nesting of every function and method of a module."""
    code = find_code_lines(module)
    for name, node in name_functions(module.tree, module.name):
        yield name, len(code & lines_of(node)), measure_nesting(node)


def name_functions(node: ast.AST, name: str) -> Iterator[tuple[str, Function]]:
    """Yield every function inside a node with its dotted name, which starts with the node's own."""
    for child in ast.iter_child_nodes(node):
        inner = f"{name}.{child.name}" if isinstance(child, Function | ast.ClassDef) else name
        if isinstance(child, Function):
            yield inner, child
        yield from name_functions(child, inner)


def find_code_lines(module: Module) -> set[int]:
    """Return the numbers of the lines that hold code: no docstring, no comment, no blank line."""
    tokens = tokenize.generate_tokens(io.StringIO(module.text).readline)
    code = [token for token in tokens if token.type not in LAYOUT]
    lines = {line for token in code for line in range(token.start[0], token.end[0] + 1)}
    return lines.difference(*(lines_of(node) for node in ast.walk(module.tree) if is_text(node)))


def lines_of(node: ast.stmt) -> set[int]:
    """Return the numbers of a statement's lines."""
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def measure_nesting(node: ast.AST) -> int:
    """Return how many blocks stand inside one another within this node."""
    children = [child for child in ast.iter_child_nodes(node) if not isinstance(child, Function)]
    return max((measure_nesting(child) + is_level(node, child) for child in children), default=0)


def is_level(parent: ast.AST, child: ast.AST) -> bool:
    """Return whether a child opens a block of its own: an `elif` starts in the column of its `if`."""
    if isinstance(parent, ast.If) and isinstance(child, ast.If) and parent.orelse == [child]:
        return child.col_offset != parent.col_offset
    return isinstance(child, BLOCKS)


def is_revision(module: Module) -> bool:
    """Return whether a module is one step in the history of the schema."""
    return module.name.startswith("tallystick_migrations.versions.")
