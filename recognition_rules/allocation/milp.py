"""The same choice as a mixed-integer programme, solved by HiGHS: for what is too large to be searched state by state.

Only optimal *values* are taken from the solver, one cost after the other, each then held. Which of several optima it
happens to find is thrown away: the canonical one is asked for item by item, keeping a selection at hand that shows
that an optimum exists. All that it answers is rounded and checked in whole numbers. One thread, a fixed seed, no gap,
no clock: where the node limit is reached there is no answer.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from recognition_rules.allocation.model import (
    Option,
    Pick,
    Problem,
    Selection,
    Tree,
    costs_of,
    is_allowed,
    leaves_of,
)
from recognition_rules.allocation.witness import Witness
from recognition_rules.allocation.witness import amount_of as _amount
from recognition_rules.input_errors import OptimumNotProven

MAX_NODES = 240_000
"""Nodes of all its searches together, times the number of items: about what some seconds allow."""

AT_ONCE = 256
"""Ways to take the items about which the solver is asked at once: so many places its answer has to tell apart."""

MAX_NUMBER = 1_000_000
"""Beyond this a solver in floating point cannot be trusted to tell whole numbers apart."""

_NEARLY = 1e-5

Terms = dict[int, int]


def optimise(problem: Problem, *, max_nodes: int = MAX_NODES, seed: int = 0) -> Selection:
    """The canonical best selection; raises `OptimumNotProven` at the node limit or where numbers are too large."""
    if _largest(problem) > MAX_NUMBER:
        raise OptimumNotProven(within=f"amounts of at most {MAX_NUMBER} smallest parts")
    model = _Model(problem, max_nodes // max(len(problem.items), 1), seed)
    witness: Sequence[Option | None] = [None] * len(problem.items)
    for number, terms in enumerate(model.costs):
        witness = model.least(terms)
        value = costs_of(problem, witness)[number]
        model.hold(terms, value)
        if value - model.bound > 1 - _NEARLY:
            raise OptimumNotProven(within="the bound of the solver")
    return _canonical(problem, model, witness)


def _largest(problem: Problem) -> int:
    options = [option for item in problem.items for option in item.options]
    amounts = (abs(amount) for option in options for _, amount in (*option.takes, *option.brings, *option.costs))
    return max((*amounts, *map(abs, problem.bounds), *map(abs, problem.needs)), default=0)


def _canonical(problem: Problem, model: "_Model", witness: Sequence[Option | None]) -> Selection:
    """Settles each item at the highest amount, then the lowest variant, for which there still is an optimum."""
    shown, asked = Witness(problem, list(witness)), 0
    for number in range(len(problem.items)):
        if number >= asked and not shown.is_highest(number):
            asked = _asked_at_once(problem, number)
            shown.replace(model.least(_higher(problem, model, range(number, asked))))
        shown.settle(number)
        amount = _amount(shown.selection[number])
        model.restrict(number, lambda option, amount=amount: option.amount == amount)  # type: ignore[misc]
    for number, item in enumerate(problem.items):
        option = shown.selection[number]
        if option is not None and option.variant > min(o.variant for o in item.options if o.amount == option.amount):
            shown.replace(model.least({model.variables[number, k]: o.variant for k, o in enumerate(item.options)}))
            option = shown.selection[number]
        if option is not None:
            model.restrict(number, lambda other, taking=option.taking: other.taking == taking)  # type: ignore[misc]
    return shown.selection


def _asked_at_once(problem: Problem, first: int) -> int:
    """The end of the items that are asked about together with the first: few enough to weigh them one above another."""
    end, ways = first, 1
    while end < len(problem.items) and ways <= AT_ONCE:
        ways *= len({option.amount for option in problem.items[end].options}) + 1
        end += 1
    return end


def _higher(problem: Problem, model: "_Model", numbers: range) -> Terms:
    """What is least where the first of these items is taken with its highest amount, then the second …"""
    terms: Terms = {}
    times = 1
    for number in reversed(numbers):
        amounts = sorted({option.amount for option in problem.items[number].options})
        for k, option in enumerate(problem.items[number].options):
            terms[model.variables[number, k]] = -times * (1 + amounts.index(option.amount))
        times *= len(amounts) + 1
    return terms


@dataclass(slots=True)
class _Rows:
    """Columns and rows as they are put together: bounds, and terms by column."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    rows: list[tuple[float, float, Terms]] = field(default_factory=list)

    def column(self, upper: float) -> int:
        """A whole-number variable from zero; its number."""
        self.lower.append(0.0)
        self.upper.append(upper)
        return len(self.lower) - 1

    def at_most(self, terms: Terms, bound: float) -> None:
        """Σ terms ≤ bound."""
        self.rows.append((-math.inf, bound, terms))

    def at_least(self, terms: Terms, bound: float) -> None:
        """Σ terms ≥ bound."""
        self.rows.append((bound, math.inf, terms))


class _Model:
    """A problem as columns and rows, with a solver that keeps what has been settled."""

    def __init__(self, problem: Problem, max_nodes: int, seed: int) -> None:
        self._problem = problem
        self._rows = _Rows()
        self.variables: dict[tuple[int, int], int] = {}
        self._items()
        self._limits()
        self.costs = [self._cost(number) for number in range(len(problem.costs))]
        self._solver = _solver(self._rows, seed)
        self._left = max_nodes
        self.bound = -math.inf

    def _items(self) -> None:
        bundles: dict[int, Terms] = {}
        for number, item in enumerate(self._problem.items):
            for option in range(len(item.options)):
                self.variables[number, option] = self._rows.column(1)
            chosen = {self.variables[number, option]: 1 for option in range(len(item.options))}
            self._rows.at_most(chosen, 1)
            if item.bundle is not None:
                first = bundles.setdefault(item.bundle, chosen)
                if first is not chosen:
                    self._rows.rows.append((0, 0, {**chosen, **dict.fromkeys(first, -1)}))

    def _sum(self, read: Callable[[Option], int]) -> Terms:
        """What the options taken come to, each read by `read`."""
        terms = {}
        for (number, option), column in self.variables.items():
            amount = read(self._problem.items[number].options[option])
            if amount:
                terms[column] = amount
        return terms

    def _limits(self) -> None:
        problem = self._problem
        for row in sorted({row for item in problem.items for option in item.options for row, _ in option.takes}):
            self._rows.at_most(self._sum(lambda option, row=row: _of(option.takes, row)), problem.bounds[row])  # type: ignore[misc]
        for quota, most in enumerate(problem.quotas):
            kept = self._sum(lambda option, quota=quota: option.keeps.count(quota))  # type: ignore[misc]
            self._rows.at_most(kept, most)
            for (number, option), column in self.variables.items():
                if quota in problem.items[number].options[option].moves:
                    self._rows.at_most({**dict.fromkeys(kept, -1), column: most}, 0)

    def _cost(self, number: int) -> Terms:
        """A cost as a sum of columns: that of the options, and what the trees lack."""
        cost = self._problem.costs[number]
        terms = self._sum(lambda option: sum(amount for name, amount in option.costs if name == cost.added))
        for tree in cost.trees:
            column = self._lacking(tree)
            terms[column] = terms.get(column, 0) + 1
        return terms

    def _lacking(self, tree: Tree) -> int:
        """A column that is at least what a tree lacks."""
        if isinstance(tree, int):
            column = self._rows.column(math.inf)
            self._rows.at_least({**self._had(tree), column: 1}, self._problem.needs[tree])
            return column
        parts = [self._lacking(part) for part in tree.parts]
        column = self._rows.column(math.inf)
        self._rows.at_least({column: 1, **dict.fromkeys(self._picked(tree, parts), -1)}, 0)
        return column

    def _picked(self, tree: Pick, parts: Sequence[int]) -> list[int]:
        """For each part a column that is what the part lacks, if it is among those picked, else nothing."""
        columns, picks = [], {}
        for part, lacking in zip(tree.parts, parts, strict=True):
            most = self._most_lacking(part)
            column, pick = self._rows.column(math.inf), self._rows.column(1)
            self._rows.at_least({column: 1, lacking: -1, pick: -most}, -most)
            columns.append(column)
            picks[pick] = 1
        self._rows.at_least(picks, tree.at_least)
        return columns

    def _most_lacking(self, tree: Tree) -> int:
        """No tree lacks more than its leaves do when what counts against them is all there is."""
        found = 0
        for leaf in leaves_of(tree):
            against = sum(
                -_of(o.brings, leaf) for item in self._problem.items for o in item.options if _of(o.brings, leaf) < 0
            )
            found += max(self._problem.needs[leaf], 0) + against
        return max(found, 1)

    def _had(self, leaf: int) -> Terms:
        """What a leaf has, with what spills over to it."""
        terms = self._sum(lambda option: _of(option.brings, leaf))
        for source, into in self._problem.spills:
            if into == leaf:
                terms[self._spilt(source)] = 1
        return terms

    def _spilt(self, leaf: int) -> int:
        """A column for what a leaf has beyond its need: no more than that, and nothing while it is short."""
        options = (option for item in self._problem.items for option in item.options)
        most = sum(abs(amount) for option in options for _, amount in option.brings)
        most += sum(map(abs, self._problem.needs)) + 1
        column, over = self._rows.column(math.inf), self._rows.column(1)
        had = self._had(leaf)
        self._rows.at_most({column: 1, over: -most}, 0)
        less = {each: -amount for each, amount in had.items()}
        self._rows.at_most({**less, column: 1, over: most}, most - self._problem.needs[leaf])
        return column

    def least(self, terms: Terms) -> Sequence[Option | None]:
        """A selection, checked, for which the sum is least; proven."""
        count = len(self._rows.lower)
        solver = self._solver
        solver.changeColsCost(count, list(range(count)), [float(terms.get(each, 0)) for each in range(count)])
        solver.setOptionValue("mip_max_nodes", max(self._left, 0))
        solver.run()
        info, status = solver.getInfo(), solver.modelStatusToString(solver.getModelStatus())
        self._left -= info.mip_node_count + 1
        if self._left < 0 or status != "Optimal" or info.objective_function_value - info.mip_dual_bound > 1 - _NEARLY:
            raise OptimumNotProven(within="the node limit of the solver")
        self.bound = info.mip_dual_bound
        return self._read(solver.getSolution().col_value)

    def _read(self, values: Sequence[float]) -> Sequence[Option | None]:
        chosen: list[Option | None] = [None] * len(self._problem.items)
        for (number, option), column in self.variables.items():
            if round(values[column]) == 1:
                chosen[number] = self._problem.items[number].options[option]
        if not is_allowed(self._problem, chosen):
            raise OptimumNotProven(within="the checks in whole numbers")
        return chosen

    def hold(self, terms: Terms, value: int) -> None:
        """From here on the sum is no more than it has been shown to need."""
        self._solver.addRow(-math.inf, float(value), len(terms), list(terms), [float(each) for each in terms.values()])

    def restrict(self, number: int, accepts: Callable[[Option], bool]) -> None:
        """From here on the item takes one of these options; where it can take none, none."""
        options = self._problem.items[number].options
        accepted = [self.variables[number, option] for option, each in enumerate(options) if accepts(each)]
        for option in range(len(options)):
            column = self.variables[number, option]
            if column not in accepted:
                self._solver.changeColBounds(column, 0.0, 0.0)
        if accepted:
            self._solver.addRow(1.0, 1.0, len(accepted), accepted, [1.0] * len(accepted))


def _of(pairs: Sequence[tuple[int, int]], number: int) -> int:
    return sum(amount for each, amount in pairs if each == number)


def _solver(rows: _Rows, seed: int) -> Any:
    """HiGHS with the whole model passed at once; nothing about it depends on the machine or its clock."""
    import highspy
    import numpy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # HiGHS comes without types
    options = {"output_flag": False, "threads": 1, "parallel": "off", "random_seed": seed}
    options |= {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9}
    options |= {"mip_rel_gap": 0.0, "mip_abs_gap": 0.5}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(rows.lower), len(rows.rows)
    model.col_cost_ = numpy.zeros(len(rows.lower))
    model.col_lower_, model.col_upper_ = numpy.array(rows.lower), numpy.array(rows.upper)
    model.row_lower_ = numpy.array([float(lower) for lower, _, _ in rows.rows])
    model.row_upper_ = numpy.array([float(upper) for _, upper, _ in rows.rows])
    starts = [0]
    for _, _, terms in rows.rows:
        starts.append(starts[-1] + len(terms))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = numpy.array(starts)
    model.a_matrix_.index_ = numpy.array([column for _, _, terms in rows.rows for column in terms], dtype=numpy.int32)
    model.a_matrix_.value_ = numpy.array([float(value) for _, _, terms in rows.rows for value in terms.values()])
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [real if upper == math.inf else whole for upper in rows.upper]
    solver.passModel(model)
    return solver
