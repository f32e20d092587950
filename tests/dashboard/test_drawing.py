import cv2
import numpy as np

from deepfit_nb.dashboard import theme
from deepfit_nb.dashboard.drawing import draw_skeleton, jpeg
from deepfit_nb.pose import Landmark, Pose

GREY = np.full((200, 100, 3), 60, np.uint8)


def pose(points, visibility=1.0, size=(100, 200)):
    """All landmarks in one corner, but for those given as fractions of the frame."""
    image = np.zeros((33, 4), np.float32)
    image[:, 3] = visibility
    for landmark, (x, y) in points.items():
        image[landmark, :2] = x * size[0], y * size[1]
    return Pose(image, np.zeros((33, 3), np.float32), 0.0, size)


LEG = {Landmark.LEFT_HIP: (0.5, 0.4), Landmark.LEFT_KNEE: (0.5, 0.6), Landmark.LEFT_ANKLE: (0.5, 0.9)}


def test_a_limb_is_drawn_where_it_is_in_the_colour_of_its_side():
    drawn = draw_skeleton(GREY, pose(LEG))
    red, green, blue = (int(theme.LEFT[i : i + 2], 16) for i in (1, 3, 5))
    np.testing.assert_allclose(drawn[100, 50], (red, green, blue), atol=3)
    np.testing.assert_array_equal(drawn[100, 80], GREY[100, 80])


def test_a_pose_of_a_larger_frame_is_drawn_at_the_same_place():
    np.testing.assert_allclose(
        draw_skeleton(GREY, pose(LEG)).astype(int), draw_skeleton(GREY, pose(LEG, size=(400, 800))), atol=2
    )


def test_hidden_limbs_are_thinner():
    seen, hidden = (np.count_nonzero(draw_skeleton(GREY, pose(LEG, v))[100] != GREY[100]) for v in (1.0, 0.1))
    assert 0 < hidden < seen


def test_nothing_is_drawn_of_nobody_and_the_frame_is_left_as_it_was():
    before = GREY.copy()
    np.testing.assert_array_equal(draw_skeleton(GREY, None), GREY)
    draw_skeleton(GREY, pose(LEG), {Landmark.LEFT_KNEE: "92"})
    np.testing.assert_array_equal(GREY, before)


def test_landmarks_far_outside_the_frame_do_no_harm():
    draw_skeleton(GREY, pose({Landmark.LEFT_KNEE: (1e9, -1e9)}))


def test_jpeg_keeps_the_colours():
    red = np.zeros((64, 64, 3), np.uint8)
    red[..., 0] = 255
    decoded = cv2.imdecode(np.frombuffer(jpeg(red), np.uint8), cv2.IMREAD_COLOR_RGB)
    np.testing.assert_allclose(decoded.astype(int), red, atol=6)
