// What published checkpoints call the tensors of an encoder, in BERT's words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace enlace {

/// The name of BertModel's tensor that a checkpoint calls `stored`; nothing if that is no tensor of
/// an encoder (a head, a pooler).
///
/// - What stands before the encoder in a larger model is taken away, as often as it is there:
///   "bert.", "roberta.", "camembert.", "distilbert.", "model.", "0.auto_model.", …
/// - DistilBERT's layers have BERT's names:
///   transformer.layer.0.attention.q_lin.bias: encoder.layer.0.attention.self.query.bias.
/// - The first BERT called LayerNorm's weight and bias "gamma" and "beta".
std::optional<std::string> bert_name(std::string_view stored);

/// What a model of that model_type (nn/model_config.h) calls the tensor that BERT calls `name`,
/// with nothing before it: the other way round. Requires a tensor of such a model.
std::string published_name(std::string_view name, std::string_view model_type);

}  // namespace enlace
