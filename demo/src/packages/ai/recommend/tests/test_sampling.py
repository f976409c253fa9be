import unittest

from harbour_ai.recommend.features import feature_vector
from harbour_ai.recommend.model import Recommender
from harbour_ai.recommend.sampling import SamplingStrategy, pick

from catalog import Product, Sku
from kernel import Money


class SamplingTest(unittest.TestCase):
    def test_the_least_certain_product_is_near_one_half(self) -> None:
        scores = {"A": 0.1, "B": 0.6, "C": 1.0}
        self.assertEqual(pick(scores, SamplingStrategy.UNCERTAIN), "B")

    def test_the_same_seed_picks_the_same_product(self) -> None:
        scores = {"A": 0.1, "B": 0.6}
        picked = {pick(scores, SamplingStrategy.RANDOM, seed=3) for _ in range(5)}
        self.assertEqual(len(picked), 1)


class RecommenderTest(unittest.TestCase):
    def test_the_best_product_scores_one(self) -> None:
        recommender = Recommender()
        recommender.learn("R1", ["deck", "safety"])
        recommender.learn("A1", ["deck"])
        self.assertEqual(recommender.scores(["deck", "safety"]), {"R1": 1.0, "A1": 0.5})


class FeatureTest(unittest.TestCase):
    def test_a_tag_is_a_one(self) -> None:
        rope = Product(Sku("R1"), "Rope", Money.of("12.00"), frozenset({"deck"}))
        self.assertEqual(feature_vector(rope), [1.0, 0.0, 0.0, 0.0, 1.2])


if __name__ == "__main__":
    unittest.main()
