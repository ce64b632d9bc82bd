"""What the two files of a PDDL task state, whole: ADL, numbers, time, preferences.

Names are lower case. A variable begins with ``?``. A fact is a tuple of a predicate and
its objects, ``("on", "d1", "peg1")``; so is a number's key, ``("fuel", "truck1")``.

| here                         | PDDL                                       |
|------------------------------|--------------------------------------------|
| Condition, Effect            | what ``:precondition``, ``:effect`` hold   |
| Schema                       | ``:action``, ``:durative-action``, ...     |
| Axiom                        | ``:derived``                               |
| DomainModel, ProblemModel    | the two files                              |

Source: Fox and Long 2003, PDDL2.1, JAIR 20; Gerevini and Long 2005, PDDL3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from jouleplan.domains.language.features import Feature

Fact = tuple[str, ...]
"""A predicate or function and its objects."""

Types = tuple[str, ...]
"""Alternatives of ``(either a b)``; mostly one type."""

Parameters = tuple[tuple[str, Types], ...]
"""Variables in their order, each with its types."""


# --- expressions: numbers ---


@dataclass(frozen=True, slots=True)
class Number:
    """A constant; exact, as PDDL writes decimals."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class FunctionTerm:
    """A numeric function of terms, e.g. ``(fuel ?t)``."""

    name: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Special:
    """``?duration``, ``#t``, ``total-time`` (which the plan gives) by its word."""

    word: str


@dataclass(frozen=True, slots=True)
class Violations:
    """``(is-violated NAME)``: how often a preference is not kept."""

    name: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+ - * /`` of parts; ``-`` of one part is its negative."""

    operator: str
    parts: tuple[Expression, ...]


Expression = Number | FunctionTerm | Special | Violations | Arithmetic


# --- conditions ---


@dataclass(frozen=True, slots=True)
class Atom:
    """A predicate of terms, e.g. ``(on ?d peg1)``."""

    predicate: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Same:
    """``(= a b)`` of terms."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Compare:
    """``< <= = >= >`` of numbers."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds; without parts it is true."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """A part holds; without parts it is false. ``(imply a b)`` is ``Or(Not(a), b)``."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Exists:
    """The part holds for some objects."""

    parameters: Parameters
    part: Condition


@dataclass(frozen=True, slots=True)
class Forall:
    """The part holds for all objects."""

    parameters: Parameters
    part: Condition


@dataclass(frozen=True, slots=True)
class Preference:
    """A part that need not hold; ``name`` is empty where it has none."""

    name: str
    part: Condition


@dataclass(frozen=True, slots=True)
class Modal:
    """A trajectory constraint, e.g. ``(sometime-before a b)``, ``(within 5 a)``."""

    word: str
    times: tuple[Fraction, ...]
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class During:
    """A condition of a durative operator: ``when`` is "start", "all" or "end"."""

    when: str
    part: Condition


Condition = (
    Atom
    | Same
    | Compare
    | Not
    | And
    | Or
    | Exists
    | Forall
    | Preference
    | Modal
    | During
)
TRUE = And()


# --- effects ---


@dataclass(frozen=True, slots=True)
class Change:
    """An atom becomes true, or false."""

    atom: Atom
    becomes: bool


@dataclass(frozen=True, slots=True)
class Update:
    """``assign increase decrease scale-up scale-down`` of a number."""

    operator: str
    target: FunctionTerm
    value: Expression


@dataclass(frozen=True, slots=True)
class When:
    """An effect that happens where a condition holds before the operator."""

    condition: Condition
    effect: Effect


@dataclass(frozen=True, slots=True)
class Each:
    """An effect for all objects."""

    parameters: Parameters
    effect: Effect


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects that happen together."""

    parts: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class At:
    """An effect of a durative operator: ``when`` is "start", "end" or "all".

    The last is a continuous one, whose ``Update`` holds ``#t``.
    """

    when: str
    effect: Effect


Effect = Change | Update | When | Each | Effects | At


# --- domain and problem ---


@dataclass(frozen=True, slots=True)
class Signature:
    """A predicate or function as declared: argument names and types."""

    name: str
    parameters: Parameters = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """An operator as declared.

    Attributes:
        name: Its name.
        parameters: Variables and types.
        condition: What must hold; ``During`` parts where it takes time.
        effect: What it changes; ``At`` parts where it takes time.
        duration: Constraints on ``?duration``; None for an instantaneous operator.
        kind: ``action``, ``durative-action``, ``process`` or ``event``.
        line: Line of its declaration.
    """

    name: str
    parameters: Parameters
    condition: Condition = TRUE
    effect: Effect = Effects()
    duration: Condition | None = None
    kind: str = "action"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Axiom:
    """A derived predicate: the atom of ``parameters`` holds where a condition does."""

    predicate: str
    parameters: Parameters
    condition: Condition


@dataclass(frozen=True, slots=True)
class DomainModel:
    """A domain file.

    Attributes:
        name: Its name.
        requirements: As declared, which need not be the truth.
        types: Type -> parents; ``object`` has none.
        constants: Object -> types.
        predicates: By name.
        functions: By name.
        schemas: By name: what can be in a plan, processes and events too.
        axioms: Derived predicates, in their order.
        constraints: Trajectory constraints; TRUE where there are none.
        features: What the file uses beyond STRIPS -> line of the first use.
        notes: What is odd, but no fault.
    """

    name: str
    requirements: frozenset[str]
    types: Mapping[str, Types]
    constants: Mapping[str, Types]
    predicates: Mapping[str, Signature]
    functions: Mapping[str, Signature]
    schemas: Mapping[str, Schema]
    axioms: tuple[Axiom, ...] = ()
    constraints: Condition = TRUE
    features: Mapping[Feature, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def ancestors(self, kind: str) -> frozenset[str]:
        """Return ``kind`` and every type above it."""
        found: set[str] = set()
        waiting = [kind]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(self.types.get(current, ()))
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Metric:
    """``minimize`` or ``maximize`` an expression."""

    sense: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class TimedChange:
    """A timed initial literal, or number: at ``time`` the change happens by itself."""

    time: Fraction
    change: Change | Update


@dataclass(frozen=True, slots=True)
class ProblemModel:
    """A problem file.

    Attributes:
        name: Its name.
        domain_name: The domain it names.
        objects: Object -> types, constants of the domain included.
        facts: What is true at first.
        numbers: Values at first.
        timed: What changes by itself.
        goal: What must hold at last.
        constraints: Trajectory constraints; TRUE where there are none.
        metric: What to optimise; None where nothing is stated.
        features: What the file uses beyond STRIPS -> line of the first use.
        notes: What is odd, but no fault.
    """

    name: str
    domain_name: str
    objects: Mapping[str, Types]
    facts: frozenset[Fact]
    numbers: Mapping[Fact, Fraction]
    timed: tuple[TimedChange, ...]
    goal: Condition
    constraints: Condition = TRUE
    metric: Metric | None = None
    features: Mapping[Feature, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskModel:
    """A domain and a problem of it.

    Attributes:
        domain: The domain.
        problem: The problem.
        features: What the task uses beyond STRIPS with types; how numbers are used can
            only be told from both files.
    """

    domain: DomainModel
    problem: ProblemModel
    features: frozenset[Feature] = field(init=False)

    def __post_init__(self) -> None:
        """Work the features out."""
        from jouleplan.domains.language.numbers import number_features

        used = self.domain.features.keys() | self.problem.features.keys()
        object.__setattr__(self, "features", used | number_features(self))

    def objects_of(self, types: Types) -> Iterator[str]:
        """Yield the objects that are of one of ``types``, in their order."""
        if "object" in types:
            yield from self.problem.objects
            return
        below = {
            kind
            for kind in self.domain.types
            if not self.domain.ancestors(kind).isdisjoint(types)
        }
        for name, kinds in self.problem.objects.items():
            if not below.isdisjoint(kinds):
                yield name
