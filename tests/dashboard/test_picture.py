"""A picture in a notebook has an alternative text."""

import pytest

from deepfit_nb.dashboard.picture import Picture


@pytest.mark.parametrize(
    ("encoded", "kind"), [(b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg")], ids=["png", "jpeg"]
)
def test_it_is_told_in_words_as_well(encoded, kind):
    bundle = Picture(encoded, 'a "deep" squat', width=330)._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", kind}
    assert bundle["text/plain"] == 'a "deep" squat'
    assert f'src="data:{kind};base64,{bundle[kind]}"' in bundle["text/html"]
    assert 'alt="a &quot;deep&quot; squat" width="330"' in bundle["text/html"]
