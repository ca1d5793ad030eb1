"""Logistic regression with named coefficients, as the fitted files beside the code hold it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import mul

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.floating]
# Beyond this nothing is told apart that would be told.
_SUREST = 30.0


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients by feature; the probability is the logistic function of bias + weighted sum."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """0..1, higher is likelier."""
        weights = self.weights
        score = self.bias + sum(map(mul, weights.values(), map(features.__getitem__, weights)))
        return 1 / (1 + math.exp(-max(-_SUREST, min(_SUREST, score))))

    def probabilities(self, features: Mapping[str, Column]) -> Column:
        """(n,) the same of many, of which each feature is a column (n,)."""
        scores = np.full(len(next(iter(features.values()))), self.bias)
        if self.weights:
            columns = np.array([features[name] for name in self.weights])
            scores += np.array(list(self.weights.values())) @ columns
        probabilities: Column = 1 / (1 + np.exp(-np.clip(scores, -_SUREST, _SUREST)))
        return probabilities
