// SPDX-License-Identifier: BSL-1.0
// Counts the bytes that a program allocates with `operator new`. Include it in only one unit.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace counted_memory {

inline std::atomic<std::size_t> held = 0, peak = 0;
inline thread_local bool paused = false;

/// Allocations on this thread are not counted while this exists, nor is their release later.
struct pause {
    pause() { paused = true; }
    ~pause() { paused = false; }
    pause(pause const&) = delete;
    pause& operator=(pause const&) = delete;
};

/// The peak memory since construction, beyond what was allocated then.
class watch {
public:
    watch() { peak = before_; }
    std::size_t most() const { return peak - before_; }
    std::size_t held_now() const { return held > before_ ? held - before_ : 0; }

private:
    std::size_t before_ = held;
};

/// Precedes each block; 0 if the block is not counted.
union alignas(std::max_align_t) size_mark {
    std::size_t size;
};

// Not inlined: g++ would report a mismatched `free`.
[[gnu::noinline]] inline void* allocate(std::size_t size) noexcept {
    auto* const p = static_cast<size_mark*>(std::malloc(sizeof(size_mark) + size));
    if (!p)
        return nullptr;
    p->size = paused ? 0 : size;
    std::size_t const now = held += p->size;
    std::size_t most = peak;
    while (most < now && !peak.compare_exchange_weak(most, now)) {
    }
    return p + 1;
}
inline void* allocate_or_throw(std::size_t size) {
    void* const p = allocate(size);
    return p ? p : throw std::bad_alloc();
}
[[gnu::noinline]] inline void release(void* p) noexcept {
    if (!p)
        return;
    auto* const mark = static_cast<size_mark*>(p) - 1;
    held -= mark->size;
    std::free(mark);
}

} // namespace counted_memory

// Everything passed to `operator delete` comes from here; overaligned blocks have their own
// functions.
void* operator new(std::size_t size) {
    return counted_memory::allocate_or_throw(size);
}
void* operator new[](std::size_t size) {
    return counted_memory::allocate_or_throw(size);
}
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    return counted_memory::allocate(size);
}
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept {
    return counted_memory::allocate(size);
}
void operator delete(void* p) noexcept {
    counted_memory::release(p);
}
void operator delete[](void* p) noexcept {
    counted_memory::release(p);
}
void operator delete(void* p, std::size_t) noexcept {
    counted_memory::release(p);
}
void operator delete[](void* p, std::size_t) noexcept {
    counted_memory::release(p);
}
void operator delete(void* p, std::nothrow_t const&) noexcept {
    counted_memory::release(p);
}
void operator delete[](void* p, std::nothrow_t const&) noexcept {
    counted_memory::release(p);
}
