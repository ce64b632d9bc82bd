"""Phrases: conditions, effects and expressions as PDDL text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from jouleplan.domains.language.model import (
    And,
    Arithmetic,
    At,
    Atom,
    Change,
    Compare,
    Condition,
    During,
    Each,
    Effect,
    Effects,
    Exists,
    Expression,
    Fact,
    Forall,
    FunctionTerm,
    Modal,
    Not,
    Number,
    Or,
    Parameters,
    Preference,
    Same,
    Special,
    Update,
    Violations,
    When,
)
from jouleplan.domains.language.names import Names


@dataclass(frozen=True, slots=True)
class Phrases:
    """Says parts of a model in PDDL, names spelt as ``names`` has them."""

    names: Names

    def symbol(self, name: str) -> str:
        """Return a predicate's or function's spelling."""
        return self.names.symbols.get(name, name)

    def operator(self, name: str) -> str:
        """Return an operator's spelling."""
        return self.names.operators.get(name, name)

    def fact(self, fact: Fact) -> str:
        """Return ``(on a b)``."""
        return self._of(fact[0], fact[1:])

    def parameters(self, parameters: Parameters) -> str:
        """Return `` ?x - t ?y - t``, with a space before each."""
        parts = []
        for variable, kinds in parameters:
            words = [self.names.types.get(kind, kind) for kind in kinds]
            kind = words[0] if len(words) == 1 else f"(either {' '.join(words)})"
            parts.append(f" {variable} - {kind}")
        if all(kinds == ("object",) for _, kinds in parameters):
            return "".join(f" {variable}" for variable, _ in parameters)
        return "".join(parts)

    def number(self, value: Fraction) -> str:
        """Return an exact decimal where there is one, else twelve digits."""
        if value.denominator == 1:
            return str(value.numerator)
        return f"{float(value):.12f}".rstrip("0")

    def expression(self, expression: Expression) -> str:
        """Return a numeric expression."""
        if isinstance(expression, Number):
            return self.number(expression.value)
        if isinstance(expression, FunctionTerm):
            return self._of(expression.name, expression.terms)
        if isinstance(expression, Special):
            word = expression.word
            return f"({word})" if word == "total-time" else word
        if isinstance(expression, Violations):
            return f"(is-violated {expression.name})"
        assert isinstance(expression, Arithmetic)
        parts = " ".join(self.expression(part) for part in expression.parts)
        return f"({expression.operator} {parts})"

    def conjunction(self, condition: Condition, bare: bool = False) -> str:
        """Return a condition as ``(and ...)``; ``bare`` leaves a single one alone."""
        parts = condition.parts if isinstance(condition, And) else (condition,)
        if bare and len(parts) == 1:
            return self.condition(parts[0])
        if bare and not parts:
            return "()"
        return f"(and{''.join(f' {self.condition(part)}' for part in parts)})"

    def condition(self, condition: Condition) -> str:
        """Return a condition."""
        if isinstance(condition, Atom):
            return self._of(condition.predicate, condition.terms)
        if isinstance(condition, Same):
            return f"(= {self._term(condition.left)} {self._term(condition.right)})"
        if isinstance(condition, Compare):
            left, right = (
                self.expression(e) for e in (condition.left, condition.right)
            )
            return f"({condition.operator} {left} {right})"
        if isinstance(condition, Not):
            return f"(not {self.condition(condition.part)})"
        if isinstance(condition, And | Or):
            word = "and" if isinstance(condition, And) else "or"
            return (
                f"({word}{''.join(f' {self.condition(p)}' for p in condition.parts)})"
            )
        return self._scoped(condition)

    def _scoped(self, condition: Condition) -> str:
        """Return a condition that holds another in a frame."""
        if isinstance(condition, Exists | Forall):
            word = "exists" if isinstance(condition, Exists) else "forall"
            parameters = self.parameters(condition.parameters).strip()
            return f"({word} ({parameters}) {self.condition(condition.part)})"
        if isinstance(condition, Preference):
            name = f" {condition.name}" if condition.name else ""
            return f"(preference{name} {self.condition(condition.part)})"
        if isinstance(condition, During):
            frame = "over all" if condition.when == "all" else f"at {condition.when}"
            return f"({frame} {self.condition(condition.part)})"
        assert isinstance(condition, Modal)
        word = "at end" if condition.word == "at-end" else condition.word
        times = "".join(f" {self.number(time)}" for time in condition.times)
        parts = "".join(f" {self.condition(part)}" for part in condition.parts)
        return f"({word}{times}{parts})"

    def effects(self, effect: Effect) -> str:
        """Return an effect as ``(and ...)``."""
        parts = effect.parts if isinstance(effect, Effects) else (effect,)
        return f"(and{''.join(f' {self.effect(part)}' for part in parts)})"

    def effect(self, effect: Effect) -> str:
        """Return an effect."""
        if isinstance(effect, Change):
            atom = self.condition(effect.atom)
            return atom if effect.becomes else f"(not {atom})"
        if isinstance(effect, Update):
            target, value = (
                self.expression(effect.target),
                self.expression(effect.value),
            )
            return f"({effect.operator} {target} {value})"
        if isinstance(effect, When):
            condition = self.condition(effect.condition)
            return f"(when {condition} {self.effect(effect.effect)})"
        if isinstance(effect, Each):
            parameters = self.parameters(effect.parameters).strip()
            return f"(forall ({parameters}) {self.effect(effect.effect)})"
        if isinstance(effect, At):
            inner = self.effect(effect.effect)
            return inner if effect.when == "all" else f"(at {effect.when} {inner})"
        return self.effects(effect)

    def timed(self, change: Change | Update) -> str:
        """Return what happens at a time in ``:init``."""
        if isinstance(change, Update):
            value = self.expression(change.value)
            return f"(= {self.expression(change.target)} {value})"
        return self.effect(change)

    def _term(self, term: str) -> str:
        return self.names.objects.get(term, term)

    def _of(self, name: str, terms: tuple[str, ...]) -> str:
        words = (self.symbol(name), *(self._term(term) for term in terms))
        return f"({' '.join(words)})"
