"""Prints common words of languages, for `enlace model prune --keep`.

    common_words.py [OUT] [--languages es,en,…] [--count N]

Without --languages those that enlace-mini is for, which decide which entries of its vocabulary stay beside the names it is
trained on, of which many of these languages have few or none. With it the N (20,000) most common words of each of those
languages. Each as it is, with a capital, in capitals, and within a longer word, after a hyphen: notes have them all, and
each has entries of its own. Needs wordfreq (scripts/mini_requirements.txt), whose lists come from Wikipedia,
subtitles, news and books; it has none of Galician, Basque and Thai.
"""
import argparse
import sys

# Of languages that share the Latin script with most training names more words are told apart.
LATIN = "es en fr de it pt ca nl sv pl ro cs tr".split()
OTHERS = "ru uk el ko ar vi zh ja".split()
FOR_MINI = [(language, 12_000) for language in LATIN] + [(language, 2_000) for language in OTHERS]


def forms_of(word: str) -> list[str]:
    """How notes write a word, each form once."""
    return list(dict.fromkeys([word, word.capitalize(), word.upper(), f"-{word}"]))


def main() -> None:
    from wordfreq import top_n_list

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?")
    parser.add_argument("--languages", type=lambda names: names.split(","))
    parser.add_argument("--count", type=int, default=20_000)
    options = parser.parse_args()
    wanted = [(language, options.count) for language in options.languages] if options.languages else FOR_MINI
    with open(options.out, "w", encoding="utf-8") if options.out else sys.stdout as out:
        for language, count in wanted:
            for word in top_n_list(language, count):
                for form in forms_of(word):
                    print(form, file=out)


if __name__ == "__main__":
    main()
