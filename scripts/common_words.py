"""Prints common words of languages, for `enlace model prune --keep`.

    common_words.py [OUT] [--languages es,en,…] [--count N]

Without --languages those that enlace-mini is for, which decide which entries of its vocabulary stay beside the names it is
trained on, of which many of these languages have few or none. With it the N (30,000) most common words of each of those
languages, as they are and with a capital. Needs wordfreq (scripts/mini_requirements.txt), whose lists come from Wikipedia,
subtitles, news and books; it has none of Galician, Basque and Thai.
"""
import argparse
import sys

from wordfreq import top_n_list

# Of languages that share the Latin script with most training names more words are told apart.
LATIN = "es en fr de it pt ca nl sv pl ro cs tr".split()
OTHERS = "ru uk el ko ar vi zh ja".split()


def words_for_mini():
    for language, count in [(l, 12_000) for l in LATIN] + [(l, 2_000) for l in OTHERS]:
        for word in top_n_list(language, count):
            yield word
            if language == "de":  # nouns
                yield word.capitalize()


def words_of(languages, count):
    for language in languages:
        for word in top_n_list(language, count):
            yield word
            if word.capitalize() != word:
                yield word.capitalize()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?")
    parser.add_argument("--languages", type=lambda names: names.split(","))
    parser.add_argument("--count", type=int, default=30_000)
    options = parser.parse_args()
    words = words_of(options.languages, options.count) if options.languages else words_for_mini()
    with open(options.out, "w", encoding="utf-8") if options.out else sys.stdout as out:
        for word in words:
            print(word, file=out)


if __name__ == "__main__":
    main()
