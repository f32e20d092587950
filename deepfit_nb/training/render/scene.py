"""Drawing a character in a room with OpenGL, off screen: one frame in, pixels out.

moderngl draws with whatever the machine has; without a graphics card that is Mesa's llvmpipe, a few milliseconds a
frame (Debian: libegl1 and libgl1-mesa-dri).
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Final, Self

import moderngl
import numpy as np
from numpy.typing import NDArray

from deepfit_nb.errors import SetupError
from deepfit_nb.training.camera import Camera, Lens
from deepfit_nb.training.geometry import Array
from deepfit_nb.training.render.props import Solid

_VERTEX: Final = """
#version 330
uniform mat4 to_clip;
uniform vec3 shadow_from;
uniform bool shadow;
in vec3 position;
in vec3 normal;
in vec3 colour;
out vec3 world;
out vec3 facing;
out vec3 tint;
void main() {
    world = position;
    // A shadow is the body pressed onto the floor along the light.
    if (shadow) world = vec3(position.xz - shadow_from.xz * position.y / shadow_from.y, 0.004).xzy;
    facing = normal;
    tint = colour;
    gl_Position = to_clip * vec4(world, 1.0);
}
"""
_FRAGMENT: Final = """
#version 330
uniform vec3 light;
uniform vec3 floor_tint;
uniform float ambient;
uniform float planks;
uniform bool shadow;
in vec3 world;
in vec3 facing;
in vec3 tint;
out vec4 pixel;
float grain(vec2 at) { return fract(sin(dot(at, vec2(12.9898, 78.233))) * 43758.5453); }
void main() {
    vec3 normal = normalize(facing);
    float lit = ambient * (0.75 + 0.25 * normal.y) + (1.0 - ambient) * max(dot(normal, light), 0.0);
    vec3 base = shadow ? floor_tint : tint;
    if (planks > 0.0 && normal.y > 0.9 && world.y < 0.01) {
        float row = floor(world.x / planks);
        vec2 cell = vec2(row, floor(world.z / (planks * 6.0) + grain(vec2(row, 1.0))));
        base *= 0.85 + 0.3 * grain(cell);
    }
    if (shadow) { base *= 0.45; lit = ambient + 0.4 * (1.0 - ambient); }
    pixel = vec4(base * lit * 1.15, 1.0);
}
"""

_NEAR_M: Final = 0.2
_FAR_M: Final = 40.0


class Scene:
    """A room with things in it, drawn from a fixed camera.

    Parameters
    ----------
    size
        Width and height in pixels.
    furniture
        What never moves: floor, walls, boxes.
    light
        (3,) unit vector towards the light; ``ambient`` (0..1) is the share of light that comes from everywhere.
    planks
        Width of the floor boards in metres; 0 for a plain floor.
    """

    def __init__(self, size: tuple[int, int], furniture: Solid, *, light: Array, ambient: float, planks: float) -> None:
        self._size = size
        self._context = open_context()
        self._context.enable(moderngl.DEPTH_TEST)
        self._program = self._context.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        for name, value in (("light", light), ("shadow_from", light)):
            if name in self._program:
                self._program[name].value = tuple(float(part) for part in value)  # type: ignore[union-attr]
        self._program["ambient"].value = ambient  # type: ignore[union-attr]
        self._program["planks"].value = planks  # type: ignore[union-attr]
        self._target = self._context.simple_framebuffer(size)
        self._furniture = self._upload(furniture)[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.release()

    def draw(self, camera: Camera, lens: Lens, moving: Solid, floor_tint: Array) -> NDArray[np.uint8]:
        """(height, width, 3) RGB of the room with ``moving`` in it; ``floor_tint`` (3,) is what its shadow darkens."""
        with self._context:
            self._target.use()
            self._context.clear(0.5, 0.5, 0.5)
            self._program["to_clip"].write(self._to_clip(camera, lens).T.astype("f4").tobytes())  # type: ignore[union-attr]
            self._program["floor_tint"].value = tuple(floor_tint)  # type: ignore[union-attr]
            self._render(self._furniture, shadow=False)
            parts = self._upload(moving)
            for shadow in (True, False):
                self._render(parts[0], shadow=shadow)
            for part in parts:
                part.release()
            flat = np.frombuffer(self._target.read(components=3), np.uint8)
        return flat.reshape(self._size[1], self._size[0], 3)[::-1]

    def _render(self, array: moderngl.VertexArray, *, shadow: bool) -> None:
        self._program["shadow"].value = shadow  # type: ignore[union-attr]
        array.render()

    def _upload(self, solid: Solid) -> tuple[moderngl.VertexArray, moderngl.Buffer, moderngl.Buffer]:
        packed = np.concatenate([solid.vertices, solid.normals, solid.colours], axis=1, dtype=np.float32)
        vertices = self._context.buffer(packed.tobytes())
        indices = self._context.buffer(solid.triangles.astype(np.uint32).tobytes())
        layout = [(vertices, "3f 3f 3f", "position", "normal", "colour")]
        return self._context.vertex_array(self._program, layout, indices), vertices, indices

    def _to_clip(self, camera: Camera, lens: Lens) -> Array:
        """(4, 4) from the world to clip space, so that pixels come out as `Lens` says."""
        width, height = self._size
        x, y = lens.centre
        project = np.array(
            [
                [2 * lens.zoom / width, 0, 2 * x / width - 1, 0],
                [0, -2 * lens.zoom / height, 1 - 2 * y / height, 0],
                [0, 0, (_FAR_M + _NEAR_M) / (_FAR_M - _NEAR_M), -2 * _FAR_M * _NEAR_M / (_FAR_M - _NEAR_M)],
                [0, 0, 1, 0],
            ]
        )
        look = np.eye(4)
        look[:3, :3] = camera.axes.T
        look[:3, 3] = -camera.axes.T @ camera.eye
        return np.asarray(project @ look)


def open_context() -> moderngl.Context:
    """OpenGL without a window; raises `SetupError` where it cannot be had."""
    if "tensorflow" in sys.modules:
        # Mesa and TensorFlow each bring an LLVM; where the second finds the first the process crashes.
        raise SetupError("pictures cannot be drawn where TensorFlow is loaded: draw them in another process")
    try:
        if sys.platform == "linux":
            return moderngl.create_standalone_context(backend="egl")  # type: ignore[arg-type]
        return moderngl.create_standalone_context()
    except Exception as error:  # moderngl raises bare Exceptions
        raise SetupError(
            f"pictures cannot be drawn here, since OpenGL does not start ({error}). "
            "On Debian or Ubuntu: sudo apt-get install libegl1 libgl1-mesa-dri"
        ) from error
