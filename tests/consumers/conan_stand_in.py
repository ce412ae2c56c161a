#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Runs the steps of a Conan recipe without Conan.

usage: conan_stand_in.py RECIPE_FOLDER WORK LIBRARIES [OPTION=VALUE ...]
The classes and functions do what those of Conan 2 do for one build, except that the build step copies the
static libraries in the folder LIBRARIES, which CMake would compile. The package is in WORK/package. Prints
the components that package_info describes, as JSON.
"""
import collections
import hashlib
import importlib.util
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import types
import urllib.request
from pathlib import Path


class Options:
    def __init__(self, values: dict):
        self.__dict__.update(values)

    def rm_safe(self, name: str) -> None:
        self.__dict__.pop(name, None)


class Info:
    """What a package's identity depends on."""

    def __init__(self, options: Options):
        self.options, self.is_clear = options, False

    def clear(self) -> None:
        self.is_clear = True


class Component:
    def __init__(self):
        self.libs, self.defines, self.system_libs, self.requires = [], [], [], []
        self.includedirs, self.libdirs, self.bindirs = ["include"], ["lib"], ["bin"]
        self.properties: dict = {}

    def set_property(self, name: str, value) -> None:
        self.properties[name] = value


class ConanFile:
    def __init__(self):
        self.required: list[str] = []
        self.cpp_info = Component()
        self.cpp_info.components = collections.defaultdict(Component)

    def requires(self, reference: str, transitive_headers: bool, transitive_libs: bool) -> None:
        assert transitive_headers and transitive_libs, "the headers include it and need its libraries"
        self.required.append(reference)


class CMakeToolchain:
    def __init__(self, recipe: ConanFile):
        self.recipe, self.cache_variables = recipe, {}

    def generate(self) -> None:
        self.recipe.cache_variables = self.cache_variables


class CMakeDeps:
    def __init__(self, recipe: ConanFile):
        pass

    def generate(self) -> None:
        pass


class CMake:
    def __init__(self, recipe: ConanFile):
        self.recipe = recipe

    def run(self, *arguments) -> None:
        subprocess.run(["cmake", *map(str, arguments)], check=True, stdout=sys.stderr)

    def configure(self) -> None:
        variables = self.recipe.cache_variables | {
            "CMAKE_INSTALL_PREFIX": self.recipe.package_folder, "CMAKE_INSTALL_LIBDIR": "lib"}
        self.run("-G", "Ninja", "-S", self.recipe.source_folder, "-B", self.recipe.build_folder,
                 *(f"-D{name}={value}" for name, value in variables.items()))

    def build(self) -> None:
        for library in Path(LIBRARIES).glob("*.a"):
            shutil.copy(library, self.recipe.build_folder)

    def install(self) -> None:
        self.run("--install", self.recipe.build_folder)


def cmake_layout(recipe: ConanFile, src_folder: str) -> None:
    recipe.source_folder = str(WORK / src_folder)


def check_min_cppstd(recipe: ConanFile, standard: int) -> None:
    assert standard == 20


def get(recipe: ConanFile, url: str, sha256: str, strip_root: bool) -> None:
    with urllib.request.urlopen(url) as opened:
        content = opened.read()
    assert hashlib.sha256(content).hexdigest() == sha256, "the archive has another hash"
    assert strip_root
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        root = archive.getnames()[0].split("/")[0]
        archive.extractall(WORK)
    (WORK / root).rename(recipe.source_folder)


def copy(recipe: ConanFile, pattern: str, source: str, target: str) -> None:
    Path(target).mkdir(parents=True, exist_ok=True)
    for file in Path(source).glob(pattern):
        shutil.copy(file, target)


def rmdir(recipe: ConanFile, folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def add_modules() -> None:
    """Lets the recipe import what it imports from Conan."""
    contents = {
        "conan": [ConanFile],
        "conan.tools": [],
        "conan.tools.build": [check_min_cppstd],
        "conan.tools.cmake": [CMake, CMakeDeps, CMakeToolchain, cmake_layout],
        "conan.tools.files": [copy, get, rmdir],
    }
    for name, members in contents.items():
        sys.modules[name] = types.ModuleType(name)
        for member in members:
            setattr(sys.modules[name], member.__name__, member)


def sources(text: str) -> dict:
    """The part `sources` of conandata.yml, which has one version."""
    version = re.search(r'^  "(.*)":$', text, re.M)[1]
    return {version: dict(re.findall(r'^    (\w+): "(.*)"$', text, re.M))}


def main() -> None:
    folder = Path(sys.argv[1])
    add_modules()
    spec = importlib.util.spec_from_file_location("recipe", folder / "conanfile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (kind,) = (each for each in vars(module).values()
               if isinstance(each, type) and issubclass(each, ConanFile) and each is not ConanFile)
    recipe = kind()
    recipe.conan_data = {"sources": sources((folder / "conandata.yml").read_text())}
    (recipe.version,) = recipe.conan_data["sources"]
    recipe.build_folder, recipe.package_folder = str(WORK / "build"), str(WORK / "package")
    chosen = dict(argument.split("=") for argument in sys.argv[4:])
    values = {name: {"True": True, "False": False}[chosen.pop(name, str(default))]
              for name, default in recipe.default_options.items()}
    assert not chosen and values.keys() == recipe.options.keys()
    recipe.options = Options(values)
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for step in ("configure", "layout", "requirements", "validate", "source", "generate", "build",
                 "package", "package_info"):
        getattr(recipe, step)()
    recipe.info = Info(recipe.options)
    recipe.package_id()
    packages = {reference.split("/")[0] for reference in recipe.required}
    components = recipe.cpp_info.components
    for component in components.values():
        for needed in component.requires:
            known = needed.split("::")[0] in packages if "::" in needed else needed in components
            assert known, f"{needed} is not required"
    json.dump({"header_only": recipe.info.is_clear,
               "components": {name: vars(each) for name, each in components.items()}}, sys.stdout)


WORK, LIBRARIES = Path(sys.argv[2]), sys.argv[3]
main()
