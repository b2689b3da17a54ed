<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld">
  <NamedLayer>
    <Name>kinds of snow</Name>
    <UserStyle>
      <FeatureTypeStyle>
        <Rule>
          <RasterSymbolizer>
            <ColorMap type="values">
              <ColorMapEntry color="#6b5b45" quantity="0" label="Bare ground"/>
              <ColorMapEntry color="#f2f6fa" quantity="1" label="Powder"/>
              <ColorMapEntry color="#b9cfe2" quantity="2" label="Old snow"/>
              <ColorMapEntry color="#7ea6cf" quantity="5" label="Firn"/>
              <ColorMapEntry color="#3f6fb5" quantity="9" label="Ice"/>
            </ColorMap>
          </RasterSymbolizer>
        </Rule>
      </FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
