"""Movements as people do them well and badly: figures by how far the rep has come, 0 to 1."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories import Figure, jack, squat


def shallow(amount: float) -> Figure:
    """A squat that ends at a knee of 128 degrees."""
    return squat(0.5 * amount)


def leaning(amount: float) -> Figure:
    """A deep squat with the trunk tipped to 70 degrees."""
    knee, lean = 175 - 95 * amount, 70 * amount
    return Figure(trunk_lean=lean, knee=(knee,) * 2, hip=(25 * amount + knee - lean,) * 2)


def drifting(amount: float) -> Figure:
    """A curl whose elbow comes 45 degrees forward."""
    return Figure(knee=(175, 175), shoulder=(5 + 45 * amount,) * 2, elbow=(170 - 110 * amount,) * 2)


def lifted(degrees: float) -> Callable[[float], Figure]:
    """A curl whose elbow seems to come so far forward at the top alone, as where the forearm hides it."""
    return lambda amount: Figure(
        knee=(175, 175),
        shoulder=(5 + 5 * degrees * max(0.0, amount - 0.8),) * 2,
        elbow=(170 - 110 * amount,) * 2,
    )


def swinging(amount: float) -> Figure:
    """A curl with the trunk thrown 20 degrees back."""
    lean = -20 * amount
    return Figure(trunk_lean=lean, hip=(180 - lean,) * 2, elbow=(170 - 125 * amount,) * 2)


def leaning_back(amount: float) -> Figure:
    """A curl done with the trunk 18 degrees back all the time."""
    return Figure(trunk_lean=-18, hip=(198,) * 2, elbow=(170 - 125 * amount,) * 2)


def extension(folded: float) -> Callable[[float], Figure]:
    """A triceps extension with upright upper arms, from an elbow bent to so many degrees."""
    return lambda amount: Figure(shoulder=(172, 172), elbow=(folded + (165 - folded) * amount,) * 2)


def short_jack(amount: float) -> Figure:
    """A jumping jack whose arms stop at 105 degrees."""
    return jack(0.6 * amount)


def raised(top: float) -> Callable[[float], Figure]:
    """A lateral raise to so many degrees."""
    return lambda amount: Figure(shoulder=(10 + (top - 10) * amount,) * 2, elbow=(165, 165), abducted=True)


def sit_up(trunk: float, hip: float, slope: float = 0.0) -> Callable[[float], Figure]:
    """A sit-up on a bench of that slope, to a trunk so many degrees behind upright and that angle to the thighs."""
    lying = 85 + slope

    def motion(amount: float) -> Figure:
        lean, bent = -lying + (lying - trunk) * amount, 125 - (125 - hip) * amount
        return Figure(trunk_lean=lean, hip=(bent,) * 2, knee=(90, 90), shoulder=(20, 20), elbow=(60, 60))

    return motion


def short_lunge(amount: float) -> Figure:
    """A lunge that ends with the hips at three quarters of a leg, though the rear knee is bent square."""
    return Figure(hip=(180 - 40 * amount, 180), knee=(175 - 50 * amount, 175 - 75 * amount))


def arched(least: float, most: float) -> Callable[[float], Figure]:
    """A press whose trunk goes from the one lean to the other."""

    def motion(amount: float) -> Figure:
        lean = least + (most - least) * amount
        arms = (90 + 80 * amount,) * 2
        return Figure(trunk_lean=lean, hip=(180 - lean,) * 2, shoulder=arms, elbow=arms, abducted=True)

    return motion


def pressed(top: float) -> Callable[[float], Figure]:
    """A press with elbows that straighten so far."""
    return lambda amount: Figure(shoulder=(90 + 80 * amount,) * 2, elbow=(85 + (top - 85) * amount,) * 2, abducted=True)


def push_up(sag: float) -> Callable[[float], Figure]:
    """A push-up whose hips hang through by so many degrees."""
    return lambda amount: Figure(
        trunk_lean=80 + sag / 2, hip=(180 + sag,) * 2, shoulder=(75 - 55 * amount,) * 2, elbow=(170 - 90 * amount,) * 2
    )
