"""Writes ngram_scores.tsv: the cosines of scikit-learn's TfidfVectorizer for tests/index/ngram_index_test.cc.

python ngram_scores.py > ngram_scores.tsv        (made with scikit-learn 1.9.1)

Lines are "name<TAB>text", in the order of rows, then "query<TAB>text<TAB>score of each row".
"""

from sklearn.feature_extraction.text import TfidfVectorizer

NAMES = [
    "infarto agudo de miocardio",
    "infarto de miocardio",
    "miocardio infarto de",  # the same words in another order: an equal score
    "diabetes mellitus tipo 2",
    "diabetes",
    "a",
    "ab",
    "a b",
    "abc",
    "banana banana",  # terms that occur again
    "aaaaaaaaaaaa",
    "心筋梗塞",
    "急性心筋梗塞",
    "𝒳𝒴𝒵 синдром",  # two, three and four bytes
    "word\u00a0split\u2003by\u3000spaces",
    "-",
]

QUERIES = NAMES + [
    "infarto",
    "infart miocard",
    "diabetes diabetes tipo",
    "b",
    "aaaa banan",
    "心筋",
    "no such ngrams: qqq",
    "ωψ",
    "",
    "   ",
]


def main():
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, lowercase=False
    )
    rows = vectorizer.fit_transform(NAMES)
    for name in NAMES:
        print("name", name, sep="\t")
    scores = (vectorizer.transform(QUERIES) @ rows.T).toarray()
    for query, row in zip(QUERIES, scores):
        print("query", query, " ".join(f"{score:.9f}" for score in row), sep="\t")


if __name__ == "__main__":
    main()
