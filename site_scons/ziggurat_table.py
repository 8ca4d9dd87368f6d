# SPDX-License-Identifier: ISC
"""The table of the normal distribution's ziggurat, made at build time.

In decimal arithmetic, whose exp, ln and sqrt are correctly rounded: every
machine makes the same table.
"""

from decimal import Decimal, getcontext

LAYERS = 256
# Where the tail begins, so that all layers have one area and the top one ends
# at 1: Marsaglia and Tsang, The Ziggurat Method, 2000, to more digits.
TAIL = Decimal("3.65415288536100877164542972039952")
PLACES = 2 ** 53  # in a layer


def density(x):
    return (-x * x / 2).exp()


def tail_area(x):
    """The integral of the density from x on, by Laplace's fraction."""
    fraction = x
    for n in range(400, 0, -1):
        fraction = x + n / fraction
    return density(x) / fraction


def edges():
    """Right edges of the layers from the lowest one up, and the 0 on top."""
    area = TAIL * density(TAIL) + tail_area(TAIL)
    found = [area / density(TAIL), TAIL]
    while len(found) < LAYERS:
        found.append((-2 * (area / found[-1] + density(found[-1])).ln()).sqrt())
    if abs(area / found[-1] + density(found[-1]) - 1) > Decimal("1e-25"):
        raise ValueError("the layers do not end at the top")
    return found + [Decimal(0)]


def ziggurat_table(target, source, env):
    """A builder's action: no source but this one, one C file out."""
    getcontext().prec = 40
    x = edges()
    with open(target[0].get_abspath(), "w", encoding="ascii", newline="\n") as f:
        f.write("/* Made by site_scons/ziggurat_table.py. */\n")
        f.write('#include "rand/ziggurat.h"\n\n')
        f.write("const slu_ziggurat_layer slu_ziggurat[SLU_ZIGGURAT_LAYERS] = {\n")
        for left, right in zip(x[1:], x):
            low = density(right)
            f.write("\t{ UINT64_C(%d), %s, %s, %s },\n" % (
                int(left / right * PLACES), float(right / PLACES).hex(),
                float(low).hex(), float(density(left) - low).hex()))
        f.write("};\n")
