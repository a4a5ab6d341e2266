// The embeddings of an encoder and the norm after them, forward and backward.
#pragma once

#include "base/workers.h"
#include "train/pass_state.h"

namespace enlace {

/// x (rows, width) = the states that the first layer gets, for one chunk; rounded they go to its
/// tape. Thread-safe for different chunks.
template <class T>
void embed(PassState<T>& state, const Chunk& chunk, PassScratch<T>& own, float* x);

/// Adds to `gradients` those of the norm and of the embeddings, from the gradient at the first
/// layer's input in state.gradient. Returns the tokens of the batch, ascending, each once.
template <class T>
std::vector<std::int32_t> embedding_gradients(PassState<T>& state, Workers& workers,
                                              float* gradients);

}  // namespace enlace
