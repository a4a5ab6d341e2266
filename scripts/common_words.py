"""Prints the most common words of the languages that enlace-mini is for: common_words.py [OUT]

They decide which entries of its vocabulary stay, beside the names it is trained on, of which many of these
languages have few or none. Needs wordfreq (scripts/mini_requirements.txt), whose lists come from Wikipedia,
subtitles, news and books; it has none of Galician, Basque and Thai.
"""
import sys

from wordfreq import top_n_list

# Of languages that share the Latin script with most training names more words are told apart.
LATIN = "es en fr de it pt ca nl sv pl ro cs tr".split()
OTHERS = "ru uk el ko ar vi zh ja".split()


def main() -> None:
    with open(sys.argv[1], "w", encoding="utf-8") if len(sys.argv) > 1 else sys.stdout as out:
        for language, count in [(l, 12_000) for l in LATIN] + [(l, 2_000) for l in OTHERS]:
            for word in top_n_list(language, count):
                print(word, file=out)
                if language == "de":  # nouns
                    print(word.capitalize(), file=out)


if __name__ == "__main__":
    main()
