"""The little language of a form's rules: sums, differences and comparisons of its own fields, measures kept apart.

Read with Python's grammar, but nothing of Python runs: only what is listed here is understood, and a sum that mixes
doses with persons is refused when the form is read (the Bắc Giang form heads doses with persons: never add them).
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

Values = Mapping[str, int | str | None]
MOST_LETTERS = 1_000
_ANY = ""
"""The measure of a bare number: it goes with every other."""
_TRUTH = "?"

_COMPARE: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
    ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


class ExpressionRefused(ValueError):
    """The text is no rule; says where."""


class _Unknown(Exception):
    """A value that the rule needs has not been entered: nothing can be said yet."""


@dataclass(frozen=True)
class Expression:
    """A rule that was read. `fields` are the numbers it looks at."""

    text: str
    fields: frozenset[str]
    tree: ast.expr = field(repr=False, compare=False)
    counted: tuple[str, ...] = field(repr=False, compare=False, default=())

    def holds(self, values: Values, previous: Values) -> bool | None:
        """Whether it holds; None where a value it needs is not there yet. Empty cells of a `sum` count nothing."""
        try:
            return bool(_Evaluation(values, previous, self.counted).of(self.tree))
        except _Unknown:
            return None


def compile_expression(text: str, measures: Mapping[str, str], texts: frozenset[str]) -> Expression:
    """Read a rule over these numbers (with their measures) and texts. Raises ExpressionRefused."""
    if len(text) > MOST_LETTERS:
        raise ExpressionRefused(text[:40])
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionRefused(text) from error
    judge = _Judge(measures, texts)
    if judge.measure(tree) != _TRUTH:
        raise ExpressionRefused(text)
    return Expression(text, frozenset(judge.named), tree, tuple(measures))


class _Judge:
    """Walks a rule once: only what is known, and like with like."""

    def __init__(self, measures: Mapping[str, str], texts: frozenset[str]) -> None:
        self.measures, self.texts, self.named = measures, texts, set[str]()

    def measure(self, node: ast.expr) -> str:  # noqa: C901, PLR0911  one case for each thing a rule may say
        """The measure of a part, _TRUTH for a condition."""
        match node:
            case ast.BoolOp(values=parts):
                for each in parts:
                    self._need(each, _TRUTH)
                return _TRUTH
            case ast.UnaryOp(op=ast.Not(), operand=part):
                self._need(part, _TRUTH)
                return _TRUTH
            case ast.Compare(left=left, ops=ops, comparators=rest) if all(type(each) in _COMPARE for each in ops):
                self._same(left, *rest)
                return _TRUTH
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
                return self._same(left, right)
            case ast.BinOp(left=ast.Constant(value=int()), op=ast.Mult(), right=right):
                return self.measure(right)
            case ast.Constant(value=bool()):
                raise ExpressionRefused(ast.unparse(node))
            case ast.Constant(value=int()):
                return _ANY
            case ast.Name(id=name) if name in self.measures:
                self.named.add(name)
                return self.measures[name]
            case ast.Attribute(value=ast.Name(id="previous"), attr=name) if name in self.measures:
                return self.measures[name]
            case ast.Call(func=ast.Name(id="sum"), args=[ast.Constant(value=str(pattern))], keywords=[]):
                return self._sum(pattern)
            case ast.Call(func=ast.Name(id="filled"), args=[ast.Name(id=name)], keywords=[]) if (
                name in self.texts or name in self.measures
            ):
                return _TRUTH
        raise ExpressionRefused(ast.unparse(node))

    def _sum(self, pattern: str) -> str:
        names = [name for name in self.measures if fnmatchcase(name, pattern)]
        found = {self.measures[name] for name in names}
        if len(found) != 1:
            raise ExpressionRefused(f"sum({pattern!r}): {sorted(found)}")
        self.named |= set(names)
        return found.pop()

    def _same(self, *parts: ast.expr) -> str:
        found = {self.measure(each) for each in parts} - {_ANY}
        if _TRUTH in found or len(found) > 1:
            raise ExpressionRefused(f"{' ≠ '.join(sorted(found))}: {', '.join(ast.unparse(each) for each in parts)}")
        return found.pop() if found else _ANY

    def _need(self, node: ast.expr, wanted: str) -> None:
        if self.measure(node) != wanted:
            raise ExpressionRefused(ast.unparse(node))


class _Evaluation:
    """The value of a judged rule on one report."""

    def __init__(self, values: Values, previous: Values, counted: tuple[str, ...]) -> None:
        self.values, self.previous, self.counted = values, previous, counted

    def of(self, node: ast.expr) -> int:  # noqa: PLR0911  one case for each thing a rule may say
        """The value of a part."""
        match node:
            case ast.BoolOp(op=op, values=parts):
                return self._either(parts) if isinstance(op, ast.Or) else all(self.of(each) for each in parts)
            case ast.UnaryOp(operand=part):
                return not self.of(part)
            case ast.Compare(left=left, ops=ops, comparators=rest):
                sides = [self.of(each) for each in (left, *rest)]
                pairs = zip(ops, sides, sides[1:], strict=False)
                return all(_COMPARE[type(op)](one, other) for op, one, other in pairs)
            case ast.BinOp(left=left, op=op, right=right):
                one, other = self.of(left), self.of(right)
                return (
                    one * other if isinstance(op, ast.Mult) else one + (-other if isinstance(op, ast.Sub) else other)
                )
            case ast.Constant(value=int(number)):
                return number
            case ast.Name(id=name):
                return _known(self.values.get(name))
            case ast.Attribute(attr=name):
                return _known(self.previous.get(name))
            case ast.Call(func=ast.Name(id="sum"), args=[ast.Constant(value=str(pattern))]):
                return sum(int(self.values.get(name) or 0) for name in self.counted if fnmatchcase(name, pattern))
            case ast.Call(args=[ast.Name(id=name)]):
                return self.values.get(name) not in (None, "")
        raise ExpressionRefused(ast.unparse(node))  # pragma: no cover  judged before

    def _either(self, parts: list[ast.expr]) -> bool:
        """True as soon as one part is; unknown only where none is true and one is unknown."""
        unknown = False
        for each in parts:
            try:
                if self.of(each):
                    return True
            except _Unknown:
                unknown = True
        if unknown:
            raise _Unknown
        return False


def _known(value: int | str | None) -> int:
    if not isinstance(value, int):
        raise _Unknown
    return value
