/** A release as PyPI has it: one sdist and one wheel, pinned by content. */
export interface Release {
  sdist: Pin
  wheel: Pin
  /** What it is there for. */
  why: string
}

export interface Pin {
  file: string
  sha256: string
}

/** Twenty well-known projects, whose verdicts are kept in verdicts.json. */
export const releases: Record<string, Release> = {
  attrs: {
    sdist: {
      file: "attrs-26.1.0.tar.gz",
      sha256:
        "d03ceb89cb322a8fd706d4fb91940737b6642aa36998fe130a9bc96c985eff32",
    },
    wheel: {
      file: "attrs-26.1.0-py3-none-any.whl",
      sha256:
        "c647aa4a12dfbad9333ca4e71fe62ddc36f4e63b2d260a37a8b83d2f043ac309",
    },
    why: "hatchling; two packages in one wheel",
  },
  black: {
    sdist: {
      file: "black-26.10.1.tar.gz",
      sha256:
        "5f9f83beae62437e060dafd53d7f1fc327e3d3494f74d72ee5c2b73eb90fc4e7",
    },
    wheel: {
      file: "black-26.10.1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl",
      sha256:
        "ff57f63029aa1353fa8b1b0c8971fd88a6c92dc766608d2eee33ad2deb23270e",
    },
    why: "compiled with mypyc",
  },
  certifi: {
    sdist: {
      file: "certifi-2026.10.18.tar.gz",
      sha256:
        "b9995d97b64d0431a5af837d8ca8cd6238104d1f319f04bd93ea43124d6c861e",
    },
    wheel: {
      file: "certifi-2026.10.18-py3-none-any.whl",
      sha256:
        "73191c47aaa79da394e8fee2dbc2ec827432cab56311122c9e47abf79e390f62",
    },
    why: "a .pem that is no key",
  },
  cffi: {
    sdist: {
      file: "cffi-2.1.1.tar.gz",
      sha256:
        "dd31f52ea1086513bb9df30f8fcee9b8918323ae067a3d5b78bc826a000712be",
    },
    wheel: {
      file: "cffi-2.1.1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
      sha256:
        "34e261f78cb6ceaaa36f42f2613f4380d94d9c759a9c73c769ee6e0247364632",
    },
    why: "a C extension that brings objects",
  },
  cryptography: {
    sdist: {
      file: "cryptography-50.0.2.tar.gz",
      sha256:
        "7b46165bb56eb4704e2eaaf86f3c940d19154535d9b0ca7d6d590b04060e00d5",
    },
    wheel: {
      file: "cryptography-50.0.2-cp311-abi3-manylinux_2_34_x86_64.whl",
      sha256:
        "9dab55f57c74c3cad24c323bacbbd04be4705ba6eb0d92e920b1fc4837ed5079",
    },
    why: "Rust, abi3, keys among its tests",
  },
  flask: {
    sdist: {
      file: "flask-3.1.3.tar.gz",
      sha256:
        "0ef0e52b8a9cd932855379197dd8f94047b359ca0a78695144304cb45f87c9eb",
    },
    wheel: {
      file: "flask-3.1.3-py3-none-any.whl",
      sha256:
        "f4bcbefc124291925f1a26446da31a5178f9483862233b23c0c96a20701f670c",
    },
    why: "flit; a .env among its tests",
  },
  httpx: {
    sdist: {
      file: "httpx-1.0.dev6.tar.gz",
      sha256:
        "918d99857fb7b841e6d79a7cda909125df8b2466e6959c3ca4c23130052b6e6a",
    },
    wheel: {
      file: "httpx-1.0.dev6-py3-none-any.whl",
      sha256:
        "516cd76d86f016b2bc25d544d892a3ecce8db263459b3084894753fec322c841",
    },
    why: "a dev release",
  },
  idna: {
    sdist: {
      file: "idna-3.20.tar.gz",
      sha256:
        "a7db850025b95ded1eae8a46181a1a6c56c92c96f0e2b005d9ff8dc0210cab44",
    },
    wheel: {
      file: "idna-3.20-py3-none-any.whl",
      sha256:
        "ab7ae7122974553370f0bdb919e1a960b2cd1bc1ef0276416d896db81c14582c",
    },
    why: "flit",
  },
  jinja2: {
    sdist: {
      file: "jinja2-3.1.6.tar.gz",
      sha256:
        "0137fb05990d35f1275a587e9aee6d56da821fc83491a0fb838183be43f66d6d",
    },
    wheel: {
      file: "jinja2-3.1.6-py3-none-any.whl",
      sha256:
        "85ece4451f492d0c13c5dd7c13a64681a86afae63a5f347908daf103ce6d2f67",
    },
    why: "flit",
  },
  packaging: {
    sdist: {
      file: "packaging-26.3.tar.gz",
      sha256:
        "94edc256424af38762eb31306eed28beb9f0efc50a8837492c9d6fd6004aed79",
    },
    wheel: {
      file: "packaging-26.3-py3-none-any.whl",
      sha256:
        "d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c",
    },
    why: "flit; tests in the sdist",
  },
  pydantic: {
    sdist: {
      file: "pydantic-2.14.3.tar.gz",
      sha256:
        "1054f237f4d4733e5a30e1e2333bd33a2004ab9ab1510bd053a9a31bb48e232d",
    },
    wheel: {
      file: "pydantic-2.14.3-py3-none-any.whl",
      sha256:
        "3f7b347782ab7e4cf4c798496ae3a82787d9f21ec12676a9c564355eeef8daa8",
    },
    why: "hatchling with plugins",
  },
  pytest: {
    sdist: {
      file: "pytest-9.2.0.tar.gz",
      sha256:
        "97c4f3b1f3c7414aa36465e09b8220f1d03627993bd51b1282e193753c80557b",
    },
    wheel: {
      file: "pytest-9.2.0-py3-none-any.whl",
      sha256:
        "07acdcf88ec174f907dc01af70bf52d49b014bbab03faeeade31c96b18c2e588",
    },
    why: "a module beside the package",
  },
  "python-dateutil": {
    sdist: {
      file: "python_dateutil-4.0.0.tar.gz",
      sha256:
        "d7295ff14fdc0f92f662100bfb6c551d160ca090f2939f1ec5b9794265c03f06",
    },
    wheel: {
      file: "python_dateutil-4.0.0-py3-none-any.whl",
      sha256:
        "a5e246f79eb80475e691bf93862cead98decd8a498cf53ba0516fcdc0f50dc1c",
    },
    why: "a name with a dash",
  },
  pyyaml: {
    sdist: {
      file: "pyyaml-6.0.3.tar.gz",
      sha256:
        "d76623373421df22fb4cf8817020cbb7ef15c725b9d5e45f17e189bfc384190f",
    },
    wheel: {
      file: "pyyaml-6.0.3-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl",
      sha256:
        "b8bb0864c5a28024fac8a632c443c87c5aa6f215c0b126c449ae1a150412f31d",
    },
    why: "a C extension; its sdist does hold byte code",
  },
  requests: {
    sdist: {
      file: "requests-2.34.2.tar.gz",
      sha256:
        "f288924cae4e29463698d6d60bc6a4da69c89185ad1e0bcc4104f584e960b9ed",
    },
    wheel: {
      file: "requests-2.34.2-py3-none-any.whl",
      sha256:
        "2a0d60c172f83ac6ab31e4554906c0f3b3588d37b5cb939b1c061f4907e278e0",
    },
    why: "keys among its tests",
  },
  rich: {
    sdist: {
      file: "rich-15.0.0.tar.gz",
      sha256:
        "edd07a4824c6b40189fb7ac9bc4c52536e9780fbbfbddf6f1e2502c31b068c36",
    },
    wheel: {
      file: "rich-15.0.0-py3-none-any.whl",
      sha256:
        "33bd4ef74232fb73fe9279a257718407f169c09b78a87ad3d296f548e27de0bb",
    },
    why: "poetry; modules run by path",
  },
  setuptools: {
    sdist: {
      file: "setuptools-84.2.1.tar.gz",
      sha256:
        "3ff8b3b5492a0aa66960f4419365a86b84e013070d4313e4d4a6894f5d64d6bc",
    },
    wheel: {
      file: "setuptools-84.2.1-py3-none-any.whl",
      sha256:
        "ca140b45d5325a9478f880e351484f62fef15f336462e449ca0c03c873d589c2",
    },
    why: "builds itself; vendored packages",
  },
  six: {
    sdist: {
      file: "six-1.17.0.tar.gz",
      sha256:
        "ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81",
    },
    wheel: {
      file: "six-1.17.0-py2.py3-none-any.whl",
      sha256:
        "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274",
    },
    why: "one module, py2.py3, old metadata",
  },
  tornado: {
    sdist: {
      file: "tornado-6.6.1.tar.gz",
      sha256:
        "28e6311402af59c8b02e3fa0f5e7d8eb465b25081381803b127d97e6a4395d5a",
    },
    wheel: {
      file: "tornado-6.6.1-cp311-abi3-manylinux1_x86_64.manylinux_2_28_x86_64.manylinux_2_5_x86_64.whl",
      sha256:
        "1b6ff57cc69b339f8feb9e7b567b0e0eacb16bfaf234159496623ef7a67ba640",
    },
    why: "abi3 with legacy manylinux tags",
  },
  urllib3: {
    sdist: {
      file: "urllib3-2.8.0.tar.gz",
      sha256:
        "63bf2ead4c879426ebf22ef2a781eeb4aa3b4ae798a0435506f8687fd5bb9b63",
    },
    wheel: {
      file: "urllib3-2.8.0-py3-none-any.whl",
      sha256:
        "0cf3cae568d36aa9576b28dfb35f11328f1cb974ca7647d9475ebb86c75ac6e3",
    },
    why: "keys of a server for its tests",
  },
}
