"""Places for the states of a graph in the plane: as far apart as they are in steps.

Source: Brandes and Pich 2007, Eigensolver methods for progressive multidimensional
scaling of large data (the first places); Gansner, Koren and North 2004, Graph drawing
by stress majorization (the last ones).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np

_PIVOTS = 60
_MOST_STRESS = 600
_ROUNDS = 80


def spread_states(graph: nx.DiGraph, path: list[int]) -> np.ndarray:
    """Return places of the nodes 0, 1, ... of a connected graph.

    Args:
        graph: The graph; directions of edges do not matter.
        path: Nodes; from the first to the last of them runs to the right.

    Returns:
        Places, shape (n, 2), with edges about one long; y points down.
    """
    import numpy as np

    count = len(graph)
    if count < 3:
        return np.array([[float(node), 0.0] for node in range(count)]).reshape(-1, 2)
    near = [sorted({*graph.succ[node], *graph.pred[node]}) for node in range(count)]
    pivots = _pivots(near, count if count <= _MOST_STRESS else _PIVOTS)
    places = _scaled(pivots)
    # Equal states by distance would stay at one place.
    places = places + 0.01 * np.random.default_rng(0).standard_normal(places.shape)
    if len(pivots) == count:
        places = _relaxed(places, pivots)
    ends = np.array([(a, b) for a in range(count) for b in near[a]])
    lengths = np.linalg.norm(places[ends[:, 0]] - places[ends[:, 1]], axis=1)
    return _turned(places / max(float(np.median(lengths)), 1e-9), path)


def _pivots(near: list[list[int]], most: int) -> np.ndarray:
    """Return the distances from ``most`` nodes, each far from those before."""
    import numpy as np

    if most == len(near):
        return np.array([_distances(near, node) for node in range(most)], dtype=float)
    rows = [_distances(near, 0)]
    nearest = np.array(rows[0])
    while len(rows) < most:
        rows.append(_distances(near, int(nearest.argmax())))
        nearest = np.minimum(nearest, rows[-1])
    return np.array(rows, dtype=float)


def _distances(near: list[list[int]], start: int) -> list[int]:
    found = [-1] * len(near)
    found[start] = 0
    waiting = [start]
    for node in waiting:
        for other in near[node]:
            if found[other] < 0:
                found[other] = found[node] + 1
                waiting.append(other)
    return found


def _scaled(distances: np.ndarray) -> np.ndarray:
    import numpy as np

    square = distances.T**2
    centred = square - square.mean(0) - square.mean(1, keepdims=True) + square.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    places = -0.5 * centred @ vectors[:, -2:]
    scale = float(distances.max()) / max(float(np.abs(places).max()), 1e-9)
    return np.asarray(places * scale)


def _relaxed(places: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Return ``places`` with less stress."""
    import numpy as np

    apart = distances + np.eye(len(distances))
    weights = 1 / apart**2
    np.fill_diagonal(weights, 0)
    laplacian = np.diag(weights.sum(1)) - weights
    # The first node stays where it is: only differences matter.
    inverse = np.linalg.inv(laplacian[1:, 1:])
    for _ in range(_ROUNDS):
        lengths = np.linalg.norm(places[:, None] - places[None], axis=2)
        np.fill_diagonal(lengths, 1)
        pulls = -weights * distances / np.maximum(lengths, 1e-9)
        np.fill_diagonal(pulls, 0)
        np.fill_diagonal(pulls, -pulls.sum(1))
        wanted = (pulls @ places)[1:] - laplacian[1:, :1] * places[:1]
        places = np.vstack([places[:1], inverse @ wanted])
    return places


def _turned(places: np.ndarray, path: list[int]) -> np.ndarray:
    """Return ``places`` with ``path`` from left to right, most of the rest above it."""
    import numpy as np

    along = places[path[-1]] - places[path[0]]
    if np.linalg.norm(along) < 1e-6:
        along = np.linalg.svd(places - places.mean(0))[2][0]
    cosine, sine = along / np.linalg.norm(along)
    turned = (places - places[path[0]]) @ np.array([[cosine, -sine], [sine, cosine]])
    if turned[:, 1].mean() > 0:
        turned[:, 1] *= -1
    return np.asarray(turned)
