import plotly.graph_objects as go
import pytest

from deepfit_nb.dashboard import theme
from deepfit_nb.kinematics import ANGLES


def test_one_rep_is_no_reps():
    assert [theme.reps(count) for count in (0, 1, 2)] == ["0 reps", "1 rep", "2 reps"]


@pytest.mark.parametrize("dark", [True, False])
def test_no_two_angles_are_drawn_alike(dark):
    assert len({tuple(theme.angle_line(name, dark=dark).values()) for name in ANGLES}) == len(ANGLES)


def test_an_unknown_angle_is_refused():
    with pytest.raises(ValueError, match="'ankle' is no angle"):
        theme.angle_line("ankle")


def test_styled_keeps_the_data():
    figure = go.Figure(go.Scatter(y=[1, 2]))
    assert theme.styled(figure, dark=True) is figure
    assert figure.data[0].y == (1, 2)
