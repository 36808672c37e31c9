#pragma once
// A folder with a saved tiny classifier, and ways to damage it.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/io/json.h"
#include "models/bert/load.h"
#include "tests/bert_models.h"
#include "tests/folders.h"

namespace cairn::test {

struct SavedModel {
  TempFolder folder;
  BertConfig config = tiny_config();
  BertForSequenceClassification model = tiny_model<BertForSequenceClassification>();

  SavedModel() { save_pretrained(model, config, folder.path()); }

  // Writes the weights again, each as change(view) leaves it; those without a name are left out.
  void rewrite(const std::function<void(TensorView&)>& change) {
    const ModelFiles weights(folder.path());
    std::vector<TensorView> views;
    for (TensorView view : weights.tensors()) {
      change(view);
      if (!view.name.empty()) views.push_back(view);
    }
    write_safetensors(folder / "model.safetensors", views);
  }

  void rewrite_config(const std::string& key, Json value) {
    Json json = parse_json(read_file(folder / "config.json"), "config.json");
    json.set(key, std::move(value));
    write_file_atomically(folder / "config.json", to_text(json, 2));
  }

  template <class M>
  std::string load_error() {
    return error_of([&] { from_pretrained<M>(folder.path()); });
  }

  // The error of loading after one tensor was replaced.
  std::string error_with(const TensorView& other) {
    rewrite([&](TensorView& view) {
      if (view.name == other.name) view = other;
    });
    return load_error<BertForSequenceClassification>();
  }
};

}  // namespace cairn::test
