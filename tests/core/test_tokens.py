from core.tokens import hash_token, new_token


def test_a_token_is_long_and_new_each_time():
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {22}  # 128 bits, six to a character


def test_the_hash_is_sha256_in_hexadecimal():
    assert hash_token("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
