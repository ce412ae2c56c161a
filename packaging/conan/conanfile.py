# SPDX-License-Identifier: BSL-1.0
import os

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, get, rmdir

required_conan_version = ">=2.0"


class EloquaBulkRecipe(ConanFile):
    """Header-only, unless the option `compiled` adds the static libraries."""

    name = "eloqua-bulk"
    description = "Client of the Eloqua Bulk API 2.0"
    license = "BSL-1.0"
    topics = ("eloqua", "bulk-api", "client", "marketing")
    settings = "os", "arch", "compiler", "build_type"
    options = {"beast": [True, False], "compiled": [True, False], "fPIC": [True, False]}
    default_options = {"beast": True, "compiled": False, "fPIC": True}

    def configure(self):
        if not self.options.compiled:
            self.options.rm_safe("fPIC")

    def layout(self):
        cmake_layout(self, src_folder="src")

    def requirements(self):
        self.requires("boost/[>=1.81.0 <2]", transitive_headers=True, transitive_libs=True)
        self.requires("zlib/[>=1.2.11 <2]", transitive_headers=True, transitive_libs=True)
        if self.options.beast:
            self.requires("openssl/[>=3 <4]", transitive_headers=True, transitive_libs=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        if not self.info.options.compiled:
            self.info.clear()

    def source(self):
        get(self, **self.conan_data["sources"][self.version], strip_root=True)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["ELOQUA_BULK_BEAST"] = "ON" if self.options.beast else "OFF"
        toolchain.cache_variables["ELOQUA_BULK_COMPILED"] = "ON" if self.options.compiled else "OFF"
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        # Conan writes its own files for pkg-config and CMake from package_info.
        rmdir(self, os.path.join(self.package_folder, "share"))
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "eloqua-bulk")
        self._component("bulk", ["boost::headers", "boost::json", "zlib::zlib"])
        if self.options.beast:
            beast = self._component("bulk_beast", ["bulk", "openssl::openssl"])
            beast.system_libs = ["pthread"]
        if self.options.compiled:
            compiled = self._component("bulk_compiled", ["bulk"])
            compiled.libs = ["eloqua_bulk"]
            compiled.defines = ["ELOQUA_BULK_SEPARATE_COMPILATION"]
        if self.options.compiled and self.options.beast:
            both = self._component("bulk_beast_compiled", ["bulk_compiled", "bulk_beast"])
            both.libs = ["eloqua_bulk_beast"]

    def _component(self, name, requires):
        """Adds the component for a target of CMake and a package of pkg-config."""
        component = self.cpp_info.components[name]
        component.set_property("cmake_target_name", f"eloqua::{name}")
        component.set_property("pkg_config_name", f"eloqua-{name}".replace("_", "-"))
        component.requires = requires
        component.bindirs = []
        if not name.endswith("_compiled"):
            component.libdirs = []
        return component
