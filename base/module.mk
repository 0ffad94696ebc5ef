# base/ knows nothing of mail, and no library but libc and the digests of libcrypto.
base_PKGS := libcrypto
base_USES :=
