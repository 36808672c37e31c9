// The pool of memory: the sizes of its blocks, what it keeps, gives back, counts, and does when
// there is none.
#include <doctest/doctest.h>

#include <cstdio>
#include <optional>

#include "core/autograd/observer.h"
#include "tests/limits.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

constexpr int64_t KB = 1024, MB = 1024 * KB, huge_page = 2 * MB;

int64_t numbers_in(int64_t bytes) { return bytes / static_cast<int64_t>(sizeof(real)); }

// One block of so many bytes, or none any more.
struct Held {
  std::optional<Storage> storage;
  explicit Held(int64_t bytes) { storage.emplace(numbers_in(bytes)); }
  void free() { storage.reset(); }
};

// Whether freed blocks are kept; not so under a sanitizer.
bool is_pooled() {
  release_cached_memory();
  Held(KB).free();
  const bool kept = pool_statistics().cached > 0;
  release_cached_memory();
  return kept;
}

// Blocks of these bytes, one of each, all freed: what is cached afterwards.
void cache(const std::vector<int64_t>& sizes) {
  std::vector<std::unique_ptr<Storage>> blocks;
  for (int64_t bytes : sizes) blocks.push_back(std::make_unique<Storage>(numbers_in(bytes)));
}

// Bytes of addresses that this process has mapped.
int64_t mapped_bytes() {
  long long pages = 0;
  std::FILE* statm = std::fopen("/proc/self/statm", "r");
  REQUIRE(statm != nullptr);
  REQUIRE(std::fscanf(statm, "%lld", &pages) == 1);
  std::fclose(statm);
  return pages * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

TEST_CASE("pool: a block is at most an eighth larger than asked for, in steps that repeat") {
  const std::pair<int64_t, int64_t> blocks[] = {
      {0, 64},        {8, 64},        {64, 64},       {72, 128},
      {960, 960},     {968, 1024},    {1024, 1024},   {1032, 1152},
      {1152, 1152},   {1160, 1280},   {2048, 2048},   {2056, 2304},
      {40000, 40960}, {65536, 65536}, {65544, 73728}, {3 * MB + 8, 3 * MB + 256 * KB},
  };
  for (const auto& [bytes, block] : blocks) {
    release_cached_memory();  // a larger block might be used again
    CHECK(Storage(numbers_in(bytes)).block == block);
  }
  for (int64_t bytes = 64; bytes < 5000; bytes += 8) {
    release_cached_memory();
    const Storage storage(numbers_in(bytes));
    CHECK(storage.size == numbers_in(bytes));
    CHECK(storage.block >= bytes);
    CHECK((storage.block - bytes) * 8 < std::max<int64_t>(bytes, 8 * 64));
    CHECK(reinterpret_cast<uintptr_t>(storage.data) % 64 == 0);
  }
}

TEST_CASE("pool: a block is used again for what fills half of it or more, and booked as it is") {
  if (!is_pooled()) return;
  for (const int64_t block : {4 * KB, 4 * MB}) {  // of the heap, and mapped
    const int64_t in_use = pool_statistics().in_use;
    cache({block});
    CHECK(pool_statistics().cached == block);
    {
      const Storage smaller(numbers_in(block / 2));
      CHECK(smaller.block == block);
      CHECK(pool_statistics().cached == 0);
      CHECK(pool_statistics().in_use == in_use + block);
    }
    CHECK(pool_statistics().cached == block);
    CHECK(pool_statistics().in_use == in_use);
    {
      const Storage whole(numbers_in(block));
      CHECK(pool_statistics().cached == 0);
    }
    {
      const Storage too_small(numbers_in(block / 2) - numbers_in(block / 16));
      CHECK(too_small.block < block);
      CHECK(pool_statistics().cached == block);  // a larger block is not given back for it
    }
    release_cached_memory();
    CHECK(pool_statistics().cached == 0);
    CHECK(pool_statistics().in_use == in_use);
  }
}

TEST_CASE("pool: of blocks that fit the smallest is taken") {
  if (!is_pooled()) return;
  cache({7 * KB, 5 * KB, 6 * KB});
  CHECK(Storage(numbers_in(5 * KB - 512)).block == 5 * KB);
  const Storage first(numbers_in(4 * KB)), second(numbers_in(4 * KB)), third(numbers_in(4 * KB));
  CHECK(first.block == 5 * KB);
  CHECK(second.block == 6 * KB);
  CHECK(third.block == 7 * KB);
  const Storage fourth(numbers_in(4 * KB));
  CHECK(fourth.block == 4 * KB);
}

TEST_CASE("pool: a new block replaces as many bytes of smaller cached ones, the largest first") {
  if (!is_pooled()) return;
  const std::vector<int64_t> sizes{KB, 2 * KB, 2 * KB, 3 * KB, 64 * KB};
  cache(sizes);
  CHECK(pool_statistics().cached == 72 * KB);
  const Storage storage(numbers_in(5 * KB));  // 3 and 2 go; 1, 2 and the larger one stay
  CHECK(pool_statistics().cached == 67 * KB);
  const Storage one(numbers_in(KB)), two(numbers_in(2 * KB));
  CHECK(pool_statistics().cached == 64 * KB);
  release_cached_memory();
  cache({KB, KB});
  const Storage larger(numbers_in(64 * KB));  // all that is smaller goes
  CHECK(pool_statistics().cached == 0);
}

TEST_CASE("pool: the peak is the most that was in use at once") {
  const int64_t before = pool_statistics().in_use;
  const int64_t some = std::max<int64_t>(pool_statistics().peak - before, 0) + 4 * MB;
  Held first(some);
  const int64_t peak = pool_statistics().peak;
  CHECK(peak == pool_statistics().in_use);
  first.free();
  Held second(some / 2);
  CHECK(pool_statistics().peak == peak);
}

TEST_CASE("pool: large blocks begin at a huge page, take no more than they need, and go back") {
  if (!is_pooled() || !can_limit_memory) return;
  for (const int64_t bytes : {huge_page, 7 * MB, 64 * MB}) {
    const int64_t before = mapped_bytes();
    Held block(bytes);
    CHECK(reinterpret_cast<uintptr_t>(block.storage->data) % huge_page == 0);
    CHECK(mapped_bytes() == before + bytes);
    std::fill_n(block.storage->data, block.storage->size, real{1});
    block.free();
    CHECK(mapped_bytes() == before + bytes);  // cached
    release_cached_memory();
    CHECK(mapped_bytes() == before);
  }
}

TEST_CASE("pool: where memory is out, what lies cached is given back before it is an Error") {
  if (!is_pooled() || !can_limit_memory) return;
  const auto asks_for = [](int64_t bytes) {
    return [=] {
      cache({80 * MB});
      const Storage other(numbers_in(bytes));  // too small for the cached block, which is kept
      std::fill_n(other.data, other.size, real{1});
    };
  };
  CHECK(within_memory(100 * MB, asks_for(30 * MB)) == "done");
  CHECK(within_memory(100 * MB, asks_for(90 * MB)) == "done");
  CHECK(within_memory(100 * MB, asks_for(80 * MB)) == "done");
  const std::string text = within_memory(100 * MB, asks_for(120 * MB));
  CHECK(has(text, "[memory] no memory for a tensor of 120 MB"));
  CHECK(has(text, "a smaller batch"));
  // An Error leaves nothing booked, and the next tensor that fits is there.
  CHECK(within_memory(100 * MB, [] {
          const PoolStatistics before = pool_statistics();
          const bool refused = error_of([] { Storage(numbers_in(200 * MB)); }) != "";
          if (!refused || pool_statistics().in_use != before.in_use) fail("test", "booked");
          Storage(numbers_in(50 * MB));
        }) == "done");
}

TEST_CASE("pool: a size below 0 or beyond what can be addressed is an Error that says it") {
  const int64_t most = (int64_t{1} << 46) / static_cast<int64_t>(sizeof(real));
  CHECK(has(error_of([] { Storage storage(-1); }), "a tensor of -1 numbers"));
  CHECK(has(error_of([=] { Storage storage(most + 1); }),
            "a tensor of " + std::to_string(most + 1) + " numbers was asked for"));
  if (!can_limit_memory) return;
  CHECK(has(within_memory(100 * MB, [=] { Storage storage(most); }), "no memory for a tensor of "));
}

TEST_CASE("pool: observers see each storage come and go, with its size") {
  struct Log final : Observer {
    std::vector<int64_t> born_sizes, died_sizes;
    void born(const Storage& s) override { born_sizes.push_back(s.size); }
    void died(const Storage& s) override { died_sizes.push_back(s.size); }
  } log;
  {
    const Storage a(3);
    const Tensor b = Tensor::zeros({2, 5});
    CHECK(log.born_sizes == std::vector<int64_t>{3, 10});
    CHECK(log.died_sizes.empty());
  }
  CHECK(log.died_sizes == std::vector<int64_t>{10, 3});
}

TEST_CASE("storage: a write counts, and remembers its line - a view's counts on the same storage") {
  Tensor x = Tensor::zeros({2, 3});
  const Storage& storage = *x.impl().storage;
  const int64_t before = storage.version;
  x.write();
  const int line = __LINE__ - 1;
  CHECK(storage.version == before + 1);
  CHECK(to_string(storage.written_at) == "test_pool.cpp:" + std::to_string(line));
  Tensor view = select(x, 0, 1);
  *view.strided_write() = 5;
  const int view_line = __LINE__ - 1;
  CHECK(storage.version == before + 2);
  CHECK(storage.data[3] == 5);
  CHECK(to_string(storage.written_at) == "test_pool.cpp:" + std::to_string(view_line));
}
