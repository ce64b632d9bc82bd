"""Hulls: an arm drawn as the convex hulls of what it collides with, in flat facets.

Some 2,500 triangles instead of its visual meshes: what a policy that acts from pictures
is shown, and was shown when it learned. They have no mass and touch nothing. PyBullet
draws what collides where no visual meshes are loaded, and they lie over that.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from jouleplan.domains.articulation import Array, Articulation

_COLOR: Final = (0.92, 0.92, 0.92, 1.0)


class Hulls:
    """What stands for the links of one arm in pictures.

    Args:
        p: The physics module.
        client: Its connection.
        arm: Whose links are drawn.
    """

    def __init__(self, p: Any, client: int, arm: Articulation) -> None:
        """Make one body without mass for every link that collides."""
        self._p, self._client, self._arm = p, client, arm
        self._bodies = {
            link: p.createMultiBody(
                0.0, -1, _shape(p, client, arm.hull(link)), physicsClientId=client
            )
            for link in arm.solid_links()
        }

    def follow(self) -> None:
        """Put every hull where its link is."""
        for link, body in self._bodies.items():
            at, turn = self._arm.frame(link)
            self._p.resetBasePositionAndOrientation(
                body, at.tolist(), turn.tolist(), physicsClientId=self._client
            )


def _shape(p: Any, client: int, corners: Array) -> int:
    """Return a visual shape of the hull of ``corners`` (n, 3) [m], its facets flat."""
    from scipy.spatial import ConvexHull

    hull = ConvexHull(corners)
    triangles, outward = corners[hull.simplices], hull.equations[:, :3]
    a, b, c = triangles[:, 0], triangles[:, 1], triangles[:, 2]
    inward = np.einsum("ij,ij->i", np.cross(b - a, c - a), outward) < 0
    triangles[inward] = triangles[inward][:, ::-1]
    return int(
        p.createVisualShape(
            p.GEOM_MESH,
            vertices=triangles.reshape(-1, 3).tolist(),
            indices=list(range(triangles.size // 3)),
            normals=np.repeat(outward, 3, axis=0).tolist(),
            rgbaColor=_COLOR,
            physicsClientId=client,
        )
    )
