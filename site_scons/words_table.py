# SPDX-License-Identifier: ISC
"""The C table of the word list, made from the list itself at build time."""

WORDS = 7776
WIDTH = 10  # bytes of the longest word and its NUL


def words_table(target, source, env):
    """A builder's action: one list in, one C file out."""
    with open(source[0].get_abspath(), encoding="ascii") as f:
        words = f.read().split("\n")
    if words.pop() != "" or len(words) != WORDS or sorted(set(words)) != words:
        raise ValueError("not %d distinct words in order" % WORDS)
    for word in words:
        if not word.replace("-", "").islower() or len(word) >= WIDTH:
            raise ValueError("not a word: %r" % word)
    with open(target[0].get_abspath(), "w", encoding="ascii", newline="\n") as f:
        f.write("/* Made from %s; see its licence beside it. */\n" % source[0].name)
        f.write('#include "rand/words_list.h"\n\n')
        f.write("const char slu_words_list[SLU_WORDS_LIST][SLU_WORDS_WIDTH] = {\n")
        f.writelines('\t"%s",\n' % word for word in words)
        f.write("};\n")
