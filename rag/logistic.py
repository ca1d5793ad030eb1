"""Logistic regression with named coefficients, as the fitted files beside the code hold it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import mul


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients by feature; the probability is the logistic function of bias + weighted sum."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """0..1, higher is likelier."""
        weights = self.weights
        score = self.bias + sum(map(mul, weights.values(), map(features.__getitem__, weights)))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
